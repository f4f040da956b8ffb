"""The pure model: sessions, dialogs, rows and the rules that hold for them (standard library only)."""
