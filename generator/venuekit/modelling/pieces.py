"""Classes by datamodel-code-generator; also a process of its own that writes them on demand."""

from __future__ import annotations

import ast
import gc
import io
import json
import os
import sys
import tokenize
from collections.abc import Mapping

from venuekit.installed import version

_BASE = "_runtime.Model"
_FIRST = '{"$defs": {"First": {"type": "object", "properties": {"a": {"type": "string"}}}}}'
GENERATOR = "datamodel_code_generator"  # the package


class ModellingError(Exception):
    """The output does not have the classes that were asked for."""


def tool() -> str:
    """What writes the classes, and in which version."""
    return f"{GENERATOR} {version(GENERATOR)}"


def written(document: str, aliases: Mapping[str, str]) -> str:
    """Write a module with a class for each definition of a JSON Schema."""
    from datamodel_code_generator import Formatter, InputFileType, PythonVersion
    from datamodel_code_generator import generate as generate_models
    from datamodel_code_generator.enums import DataModelType

    result = generate_models(
        document,
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_310,
        base_class=_BASE,
        aliases=dict(aliases),
        allow_remote_refs=False,
        apply_default_values_for_required_fields=True,
        disable_timestamp=True,
        formatters=[Formatter.BUILTIN],
        keep_model_order=True,
        skip_root_model=True,
        use_annotated=True,
        use_double_quotes=True,
        use_field_description=True,
        use_inline_field_description=True,
        use_schema_description=True,
        use_single_line_docstring=True,
        use_subclass_enum=True,
        use_union_operator=True,
    )
    if not isinstance(result, str):
        raise ModellingError("the generator did not answer with one module")
    return _escaped(result)


def _escaped(module: str) -> str:
    """Spell out the characters that nobody sees, or that some take for the end of a line.

    The generator leaves them in its literals as they are: bidirectional controls, for one.
    """
    if module.replace("\n", "").isprintable():
        return module
    lines = module.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(module, newline="\n").readline))
    for token in reversed(tokens):
        if token.type != tokenize.STRING or token.string.isprintable():
            continue
        if token.string.startswith('"""'):  # its text is tidy
            continue
        (row, column), (_, end) = token.start, token.end
        line = lines[row - 1]
        lines[row - 1] = f"{line[:column]}{ast.literal_eval(token.string)!r}{line[end:]}"
    return "\n".join(lines)


def serve() -> None:
    """Answer each line of standard input, a document and its aliases, with a line of output."""
    answers, sys.stdout = sys.stdout, sys.stderr
    written(_FIRST, {})  # what is loaded only then is loaded while nobody waits
    gc.freeze()
    gc.enable()

    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = {"module": written(asked["document"], asked["aliases"])}
        except Exception as error:  # noqa: BLE001 - for whoever asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        try:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()
        except BrokenPipeError:  # whoever asked has been ended, and nobody needs a word of it
            os._exit(1)
