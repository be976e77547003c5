import type { Language } from './language';

export const de: Language = {
  greeting: (name) => `Guten Tag ${name},`,
  regards: 'Freundliche Grüße\nSagaworks',
  letters: {
    confirmed: ({ order, total }) => [
      `Ihre Bestellung ${order} ist bestätigt`,
      `vielen Dank für Ihre Bestellung ${order} über ${total}. Sie ist bezahlt, und wir packen sie.`,
    ],
    cancelled: ({ order, reason }) => [
      `Ihre Bestellung ${order} ist storniert`,
      `Ihre Bestellung ${order} ist storniert: ${reason}.`,
      'Es wird nichts berechnet; was berechnet war, wird erstattet.',
    ],
    shipped: ({ order }) => [
      `Ihre Bestellung ${order} ist unterwegs`,
      `Ihre Bestellung ${order} hat unser Haus verlassen.`,
    ],
    delivered: ({ order }) => [
      `Ihre Bestellung ${order} ist angekommen`,
      `Ihre Bestellung ${order} wurde zugestellt. Wir hoffen, sie gefällt Ihnen.`,
    ],
    cancellation_declined: ({ order }) => [
      `Ihre Bestellung ${order} konnte nicht mehr storniert werden`,
      `Ihre Bestellung ${order} war schon zugestellt, als wir sie anhalten wollten. Sie können sie zurücksenden; dann erhalten Sie Ihr Geld zurück.`,
    ],
    review: ({ order, total }) => [
      `Wir sehen uns Ihre Bestellung ${order} an`,
      `Ihre Bestellung ${order} über ${total} sieht sich jemand von uns an, bevor wir sie senden. Sie müssen nichts tun.`,
    ],
  },
  reasons: {
    'out-of-stock': 'wir haben nicht mehr genug davon',
    'unknown-product': 'wir führen einen Artikel nicht mehr',
    'payment-declined': 'die Zahlung wurde abgelehnt',
    'review-rejected': 'wir können sie nicht annehmen',
    'review-timed-out': 'wir konnten sie nicht rechtzeitig ansehen',
    'address-not-serviceable': 'wir können an diese Adresse nicht liefern',
    'capture-refused': 'die Zahlung konnte nicht eingezogen werden',
    'customer-request': 'Sie haben darum gebeten',
    'operator-request': 'wir mussten sie anhalten',
    failed: 'bei uns ist etwas schiefgegangen',
    other: 'wir können sie leider nicht ausführen',
  },
};
