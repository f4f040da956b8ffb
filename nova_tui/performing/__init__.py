"""How a dialog is performed: the scene, its timeline and the state at any moment; pure, no clock, no screen."""
