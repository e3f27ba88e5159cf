"""`python -m cwb` is the same as `cwb`: a command that ends when it is told to, from its first moment."""

from cwb.base.ending import Stopped, end_on_signals, is_stopping, leave
from cwb.base.garbage import look_seldom


def main() -> None:
    """Run the command line."""
    end_on_signals()
    look_seldom()
    try:
        from cwb.cli import main as command_line  # noqa: PLC0415 - imports take a second, in which Ctrl+C may be pressed

        command_line()
    except Stopped:
        leave()
    except BaseException:
        # What a library made of being told to end.
        if is_stopping():
            leave()
        raise


if __name__ == "__main__":
    main()
