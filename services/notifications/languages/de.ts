import type { Language } from './language';

export const de: Language = {
  greeting: (name) => `Guten Tag ${name},`,
  regards: 'Freundliche Grüße\nSagaworks',
  letters: {
    confirmed: ({ order, total }) => [
      `Ihre Bestellung ${order} ist bestätigt`,
      `vielen Dank für Ihre Bestellung ${order} über ${total}. Ihre Zahlung ist eingegangen, und wir packen Ihre Bestellung.`,
    ],
    cancelled: ({ order, reason }) => [
      `Ihre Bestellung ${order} wurde storniert`,
      `Ihre Bestellung ${order} wurde storniert, ${reason}.`,
      'Ihnen entstehen keine Kosten; bereits gezahlte Beträge erstatten wir Ihnen.',
    ],
    shipped: ({ order }) => [`Ihre Bestellung ${order} ist unterwegs`, `Ihre Bestellung ${order} wurde versandt.`],
    delivered: ({ order }) => [
      `Ihre Bestellung ${order} ist angekommen`,
      `Ihre Bestellung ${order} wurde zugestellt. Wir wünschen Ihnen viel Freude damit.`,
    ],
    cancellation_declined: ({ order }) => [
      `Ihre Bestellung ${order} konnte nicht mehr storniert werden`,
      `Wir konnten Ihre Bestellung ${order} nicht mehr rechtzeitig stoppen: Sie ist bereits zugestellt. Sie können sie zurücksenden und erhalten dann den vollen Betrag zurück.`,
    ],
    review: ({ order, total }) => [
      `Wir prüfen Ihre Bestellung ${order}`,
      `Wir prüfen Ihre Bestellung ${order} über ${total}, bevor wir sie versenden. Sie brauchen nichts zu tun.`,
    ],
  },
  reasons: {
    'out-of-stock': 'weil wir nicht genug auf Lager haben',
    'unknown-product': 'weil einer der Artikel nicht mehr lieferbar ist',
    'payment-declined': 'weil die Zahlung abgelehnt wurde',
    'review-rejected': 'weil wir sie nicht annehmen können',
    'review-timed-out': 'weil wir sie nicht rechtzeitig prüfen konnten',
    'address-not-serviceable': 'weil wir an diese Adresse nicht liefern können',
    'capture-refused': 'weil die Zahlung nicht eingezogen werden konnte',
    'customer-request': 'wie Sie es gewünscht haben',
    'operator-request': 'weil wir sie nicht ausführen können',
    failed: 'weil bei uns ein Fehler aufgetreten ist',
    other: 'weil wir sie leider nicht ausführen können',
  },
};
