"""Start `lsb`; the command line is loaded inside, so that Ctrl-C while it loads ends as quietly as later."""

from __future__ import annotations


def main() -> int:
    """Run the command line; give its exit code."""
    try:
        from lsb_nb.cli import main as run
    except KeyboardInterrupt:
        return 130
    return run()


if __name__ == "__main__":
    raise SystemExit(main())
