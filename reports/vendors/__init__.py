"""What a vendor shows to others: card, badge, the list for a catalogue."""
