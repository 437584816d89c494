"""Clients whose models are in many modules: what they promise is what one module promises."""

from __future__ import annotations

import ast
import copy
import importlib
import pickle
import sys
import typing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from venuekit.cli import main
from venuekit.grouping import models as grouping

from ..making import make_client
from ..test_black import judge

TEXT = Path(__file__).with_name("many_models.yaml").read_text(encoding="utf-8")
OWNER: dict[str, Any] = {
    "fullName": "Ada",
    "address": {"street": "Main Street", "zipCode": "8000", "country": "ch"},
    "pets": [{"petKind": "cat", "name": "Tom", "rival": {"petKind": "dog", "name": "Rex"}}],
    "note": ["first", ["second", {"street": "Side Street"}]],
    "since": "2026-01-31T09:30:00.123456789Z",
}
SHOP: dict[str, Any] = {"offers": [{"noise": 3}, {"grams": 5}], "annex": {"street": "Lane"}}


@pytest.fixture
def parted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    """Make the client anew, with few classes in a module, and nothing of it imported."""
    monkeypatch.setattr(grouping, "_MANY", 6)
    return lambda: make_client(TEXT, tmp_path)


def client_of(package: Any, answer: Any, **settings: Any) -> Any:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    return package.Client(http=httpx.Client(transport=transport), **settings)


def loaded(package: Any) -> set[str]:
    """The modules of models that are imported, besides that of their base."""
    prefix = f"{package.__name__}.models."
    return {name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix)} - {
        "_model"
    }


def test_there_is_a_module_for_each_tag_and_for_what_tags_share(parted: Any) -> None:
    package = parted()

    names = {path.stem for path in Path(package.__file__).parent.glob("models/*.py")}

    tags = {"health", "shops", "shops_food", "shops_item", "shops_order", "shops_toy"}
    shared = {"shared", "shared_address", "shared_address_country", "shared_note"}
    assert {"__init__", "_model", "others", "shared_owner", "shared_pet", *tags, *shared} == names
    assert not Path(package.__file__).with_name("models.py").exists()


def test_a_call_imports_what_its_models_need(parted: Any) -> None:
    package = parted()

    health = client_of(package, {"status": "fine"}).get_health()

    assert "fine" == health.status
    assert {"health"} == loaded(package)


def test_no_import_needs_another_one(parted: Any) -> None:
    package = parted()

    importlib.import_module(f"{package.__name__}.models.shared_owner")

    assert {"shared_owner"} == loaded(package)


def test_one_exchange_reads_classes_of_many_modules(parted: Any) -> None:
    package = parted()

    owner = client_of(package, OWNER).get_owner("1")

    cat = owner.pets[0]
    assert package.models.Cat is type(cat)
    assert package.models.Dog is type(cat.rival)
    assert package.models.AddressCountry.CH is owner.address.country
    assert package.models.Address is type(owner.note[1][1])
    assert OWNER == owner.model_dump(mode="json", by_alias=True, exclude_unset=True)


def test_names_are_where_they_were(parted: Any) -> None:
    package = parted()
    models = package.models

    assert {"Owner", "Note", "AddressCountry", "Model"} <= set(dir(models))
    assert models.Owner is package.Owner
    assert models.Owner is importlib.import_module(f"{models.__name__}.shared_owner").Owner
    assert models.shared_owner.Owner is models.Owner
    with pytest.raises(AttributeError, match="has no attribute 'Nobody'"):
        _ = models.Nobody


def construct(models: Any) -> None:
    owner = models.Owner(full_name="Ada", address=models.Address(street="S", country="de"))
    assert models.AddressCountry.DE is owner.address.country


def validate(models: Any) -> None:
    [owner] = TypeAdapter(list[models.Owner]).validate_python([OWNER])
    assert models.Cat is type(owner.pets[0])
    assert [[]] == TypeAdapter(models.Note).validate_python([[]])
    assert 5 == TypeAdapter(models.Item).validate_python({"grams": 5}).grams


def inspect(models: Any) -> None:
    hints = typing.get_type_hints(models.Owner)
    assert models.Address in typing.get_args(hints["address"])
    assert list[models.Pet] in typing.get_args(hints["pets"])
    assert models.Owner in typing.get_args(typing.get_type_hints(models.Cat)["lives_with"])


def describe(models: Any) -> None:
    definitions = set(models.Owner.model_json_schema()["$defs"])
    assert {"Address", "AddressCountry", "Cat", "Dog", "Note", "Owner", "Pet"} <= definitions


def extend(models: Any) -> None:
    class Mine(models.Owner):
        age: int = 0

    class MyShop(models.Shop):
        friends: list[Mine]

    class MyCat(models.Cat):
        pass

    assert models.Cat is type(Mine.model_validate(OWNER).pets[0])
    assert models.Address is type(MyShop(**SHOP, friends=[Mine(**OWNER)]).model_extra["annex"])
    assert models.Dog is type(MyCat(**OWNER["pets"][0]).rival)
    assert isinstance(Mine(full_name="x"), models.Owner)


def contain(models: Any) -> None:
    class Own(BaseModel):
        owner: models.Owner

    assert models.Cat is type(Own(owner=OWNER).owner.pets[0])


def keep(models: Any) -> None:
    owner = models.Owner.model_validate(OWNER)
    assert pickle.loads(pickle.dumps(owner)) == owner == copy.deepcopy(owner)
    assert owner.model_dump_json() == pickle.loads(pickle.dumps(owner)).model_dump_json()


def make_unchecked(models: Any) -> None:
    dog = models.Dog.model_construct(pet_kind="dog", name="Rex")
    assert {"pet_kind": "dog", "name": "Rex"} == dog.model_dump(exclude_unset=True)


USES = [construct, validate, inspect, describe, extend, contain, keep, make_unchecked]


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_any_use_may_be_the_first(parted: Any, use: Callable[[Any], None]) -> None:
    use(parted().models)


def test_classes_are_those_of_one_module(parted: Any, make: Any) -> None:
    many = parted().models
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "_MANY", 500)
        one = make(TEXT).models
    classes = [name for name in dir(many) if hasattr(getattr(one, name, None), "model_rebuild")]

    assert {"Cat", "Forgotten", "Owner", "Shop", "Toy"} < set(classes)
    for name in classes:
        assert getattr(one, name).model_json_schema() == getattr(many, name).model_json_schema()


def test_many_threads_may_be_the_first(parted: Any) -> None:
    package = parted()
    client = client_of(package, OWNER)

    with ThreadPoolExecutor(12) as threads:
        owners = list(threads.map(client.get_owner, "123456789abc"))

    assert {"Cat"} == {type(owner.pets[0]).__name__ for owner in owners}
    assert {"Address"} == {type(owner.note[1][1]).__name__ for owner in owners}


def test_what_is_sent_is_checked_by_the_rules_of_many_modules(parted: Any) -> None:
    package = parted()
    client = client_of(package, {"shipTo": {"street": "S"}})
    body = {"shipTo": {"street": "S", "zipCode": "1"}, "items": [{"grams": 2}]}

    with pytest.raises(package.InvalidRequest, match="/shipTo/zipCode"):
        client.place_order(body=body)

    body["shipTo"] = {"street": "S", "zipCode": "1234"}
    assert "S" == client.place_order(body=body).ship_to.street


def test_what_fits_is_read_within_an_alias_of_other_modules(parted: Any) -> None:
    package = parted()
    answer = {"fullName": "Ada", "note": ["fine", {"street": 7}]}

    reply = client_of(package, answer, lenient=True).raw.get_owner("1")

    assert ["/note/1/street"] == [problem.pointer for problem in reply.problems]
    assert "fine" == reply.data.note[0]


def test_black_would_leave_them_as_they_are(parted: Any) -> None:
    assert "" == judge(Path(parted().__file__).parent)


HOSTILE = ["../../outside", "/etc/passwd", "con", "class", "__init__", "Owner", "a\\b", "所"]


@pytest.mark.parametrize("tag", [*HOSTILE, "x" * 300], ids=range(len(HOSTILE) + 1))
def test_a_tag_names_no_module_elsewhere(parted: Any, tmp_path: Path, tag: str) -> None:
    text = TEXT.replace("tags: [health]", f"tags: [{tag!r}]").replace(
        "schemas/Health", "schemas/所"
    )

    package = make_client(text.replace("Health: {", "所: {"), tmp_path / "below")

    folder = tmp_path / "below" / package.__name__
    assert [folder] == [*folder.parent.iterdir()]
    assert {1, 2} == {len(path.relative_to(folder).parts) for path in folder.rglob("*.py")}
    assert all(path.stem.isidentifier() for path in folder.rglob("*.py"))
    assert "fine" == client_of(package, {"status": "fine"}).get_health().status
    assert isinstance(package.models.所, type)


@pytest.mark.parametrize("tag", ["rules", "models", "globals", "sorted", "import_module"])
def test_a_tag_takes_no_name_that_the_package_needs(parted: Any, tmp_path: Path, tag: str) -> None:
    package = make_client(TEXT.replace("[shops]", f"[{tag}]"), tmp_path / "below")
    client = client_of(package, {"shipTo": {"street": "S"}})

    assert f"{tag}_" in {path.stem for path in Path(package.models.__file__).parent.iterdir()}
    assert package.models.Shop.__module__.endswith(f".{tag}_")
    assert package.models.Owner in [getattr(package.models, name) for name in dir(package.models)]
    with pytest.raises(package.InvalidRequest, match="/shipTo/zipCode"):
        client.place_order(body={"shipTo": {"street": "S", "zipCode": "1"}, "items": []})


def test_an_import_of_all_models_takes_those_of_all_modules(parted: Callable[[], Any]) -> None:
    models = parted().models
    names: dict[str, Any] = {}
    exec(f"from {models.__name__} import *", names)

    assert (models.Owner, models.Model) == (names["Owner"], names["Model"])
    assert {"Owner", "Shop", "Model"} < set(names) <= {*dir(models), "__builtins__"}


def test_modules_that_are_needed_no_more_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, out = tmp_path / "pets.yaml", tmp_path / "pets"
    document.write_text(TEXT, encoding="utf-8")
    command = ["--spec", str(document), "--out", str(out), "-q"]

    def modules(many: int, command_: str = "generate") -> set[str]:
        monkeypatch.setattr(grouping, "_MANY", many)
        assert 0 == main([command_, *command])
        return {path.relative_to(out).as_posix() for path in out.glob("**/*models*/*.py")} | {
            path.name for path in out.glob("models.py")
        }

    assert {"models.py"} == modules(500)
    many = modules(6)
    assert {"models/__init__.py", "models/shared.py", "models/shops_toy.py"} < many
    assert many == modules(6, "check")
    assert {"models/__init__.py", "models/shared.py"} < modules(30) < many
    assert {"models.py"} == modules(500)
    assert not (out / "models").exists()


def test_what_the_modules_bring_shadows_nothing(parted: Any) -> None:
    """Checkers take all that `import *` brings, and that is what the modules import too."""
    source = Path(parted().models.__file__).read_text(encoding="utf-8")
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}

    assert {"*", "annotations", "TYPE_CHECKING", "Model"} == {n for n in names if n[0] != "_"}
