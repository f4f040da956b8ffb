"""Run nova-tui with `python -m nova_tui`."""

from nova_tui.cli.main import main

if __name__ == "__main__":
    main()
