import type { Language } from './language';

export const de: Language = {
  greeting: (name) => `Guten Tag ${name},`,
  regards: 'Mit freundlichen Grüßen\nIhr Sagaworks-Team',
  // After the comma of the greeting a German sentence goes on in lower case; only nouns and "Ihre" are capitalised.
  emails: {
    confirmed: ({ order, total }) => [
      `Ihre Bestellung ${order} ist bestätigt`,
      `vielen Dank für Ihre Bestellung ${order} über ${total}. Ihre Zahlung ist eingegangen, und wir bereiten den Versand vor.`,
    ],
    cancelled: ({ order, reason }) => [
      `Ihre Bestellung ${order} wurde storniert`,
      `wir haben Ihre Bestellung ${order} storniert, ${reason}.`,
      'Ihnen entstehen keine Kosten. Bereits gezahlte Beträge erstatten wir Ihnen in voller Höhe.',
    ],
    shipped: ({ order }) => [
      `Ihre Bestellung ${order} ist unterwegs`,
      `Ihre Bestellung ${order} wurde dem Paketdienst übergeben und ist nun auf dem Weg zu Ihnen.`,
    ],
    delivered: ({ order }) => [
      `Ihre Bestellung ${order} ist angekommen`,
      `Ihre Bestellung ${order} wurde zugestellt. Wir wünschen Ihnen viel Freude damit.`,
    ],
    cancellation_declined: ({ order }) => [
      `Ihre Bestellung ${order} konnte nicht mehr storniert werden`,
      `leider konnten wir Ihre Bestellung ${order} nicht mehr stornieren, denn das Paket wurde bereits zugestellt. Sie können die Bestellung zurücksenden und erhalten dann den vollen Betrag zurück.`,
    ],
    review: ({ order, total }) => [
      `Wir prüfen Ihre Bestellung ${order}`,
      `wir prüfen Ihre Bestellung ${order} über ${total}, bevor wir sie versenden. Sie müssen nichts tun: Sobald die Prüfung abgeschlossen ist, erhalten Sie eine weitere E-Mail.`,
    ],
  },
  account: {
    greeting: 'Guten Tag,',
    emails: {
      email_change: (link) => [
        'Bitte bestätigen Sie Ihre neue E-Mail-Adresse',
        'diese E-Mail-Adresse soll für ein Kundenkonto bei Sagaworks verwendet werden. Bitte bestätigen Sie das über diesen Link:',
        link,
        'Der Link gilt 24 Stunden lang und funktioniert nur einmal. Wenn die Anfrage nicht von Ihnen stammt, ignorieren Sie diese E-Mail bitte. Es ändert sich dann nichts.',
      ],
      email_change_refused: () => [
        'Jemand wollte Ihre E-Mail-Adresse verwenden',
        'jemand wollte diese E-Mail-Adresse für ein anderes Kundenkonto bei Sagaworks verwenden. Sie gehört bereits zu Ihrem Konto, daher hat sich nichts geändert.',
        'Wenn Sie das selbst waren, verwenden Sie bitte Ihr bestehendes Konto. Andernfalls müssen Sie nichts tun.',
      ],
    },
  },
  reasons: {
    'out-of-stock': 'weil nicht alle Artikel in der bestellten Menge vorrätig sind',
    'unknown-product': 'weil einer der Artikel nicht mehr erhältlich ist',
    'payment-declined': 'weil Ihre Zahlung abgelehnt wurde',
    'review-rejected': 'weil wir sie nach der Prüfung nicht annehmen können',
    'review-timed-out': 'weil wir sie nicht rechtzeitig prüfen konnten',
    'address-not-serviceable': 'weil wir an die angegebene Adresse nicht liefern können',
    'capture-refused': 'weil Ihre Zahlung nicht eingezogen werden konnte',
    'customer-request': 'wie von Ihnen gewünscht',
    'operator-request': 'weil wir sie nicht ausführen können',
    failed: 'weil bei uns ein technisches Problem aufgetreten ist',
    other: 'weil wir sie leider nicht ausführen können',
  },
};
