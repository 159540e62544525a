"""Chinese help headings and usage messages for click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEADINGS: Final = {"Options": "选项", "Commands": "命令", "Arguments": "参数"}


class _Formatter(click.HelpFormatter):
    """Writes click's headings in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, "用法：" if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write options with their descriptions."""
        super().write_dl(
            [(name, description.replace("[required]", "[必填]")) for name, description in rows], col_max, col_spacing
        )


class ChineseContext(click.Context):
    """A context whose help is in Chinese."""

    formatter_class = _Formatter


class Command(click.Command):
    """A command with Chinese help."""

    context_class = ChineseContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help."""
        return _in_chinese(super().get_help_option(ctx))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]


class Group(click.Group):
    """A group of commands with Chinese help."""

    context_class = ChineseContext
    command_class = Command

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help."""
        return _in_chinese(super().get_help_option(ctx))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        pieces = super().collect_usage_pieces(ctx)
        words = {"[OPTIONS]": "[选项]", "[COMMAND] [ARGS]...": "[命令 …]", "COMMAND [ARGS]...": "命令 …"}
        for english, chinese in words.items():
            pieces = [piece.replace(english, chinese) for piece in pieces]
        return pieces

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command named by `args`. Raises UsageError with a Chinese message."""
        if self.get_command(ctx, args[0]) is None:
            raise click.UsageError(f"没有命令 {args[0]}，可用的有 {'、'.join(self.list_commands(ctx))}", ctx)
        return super().resolve_command(ctx, args)


Group.group_class = Group


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option:
        option.help = "显示本帮助"
    return option


def usage_message(error: click.ClickException) -> str:
    """Return a Chinese message: what is wrong with the command line, and the next step."""
    return "；".join(_sentences(error))


def _sentences(error: Any) -> Iterator[str]:  # noqa: ANN401  click's exceptions share no typed base for these fields
    param = getattr(error, "param", None)
    named = (param.metavar if isinstance(param, click.Argument) else param.opts[-1]) if param else ""
    if isinstance(error, click.NoSuchOption):
        yield f"没有选项 {error.option_name}"
        if error.possibilities:
            yield f"最接近的是 {'、'.join(error.possibilities)}"
    elif isinstance(error, click.MissingParameter):
        yield f"缺少 {named or error.param_hint}"
    elif isinstance(error, click.BadParameter):
        choices = getattr(getattr(error.param, "type", None), "choices", None)
        yield f"{named} 的值不对" + (f"，应是 {'、'.join(choices)} 之一" if choices else "")
    elif isinstance(error, click.FileError):
        yield f"无法打开 {error.ui_filename}，请检查路径和权限"
    elif isinstance(error, click.BadOptionUsage):
        yield f"选项 {error.option_name} 缺少值"
    else:
        message = error.format_message()
        yield f"用法不对（{message}）" if message.isascii() else message
    context = getattr(error, "ctx", None)
    yield f"用法见 {context.command_path if context else 'prescan'} --help"
