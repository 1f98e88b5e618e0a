"""Commands with options that take a list of words."""

import click


class ListsCommand(click.Command):
    """A command whose repeatable options each take all words up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the flag before each of its words, as click needs it."""
        many = {
            flag
            for option in self.params
            if isinstance(option, click.Option) and option.multiple
            for flag in option.opts
        }
        return super().parse_args(ctx, repeat_flags(args, many))


def repeat_flags(args: list[str], many: set[str]) -> list[str]:
    """Turn ["--good", "a", "b"] into ["--good", "a", "--good", "b"] for flags in `many`."""
    repeated: list[str] = []
    flag, is_fresh = None, False
    for word in args:
        if word.startswith("--"):
            name = word.partition("=")[0]
            flag, is_fresh = (name if name in many else None), name == word
            repeated.append(word)
        elif flag is None or is_fresh:
            repeated.append(word)
            is_fresh = False
        else:
            repeated += [flag, word]
    return repeated
