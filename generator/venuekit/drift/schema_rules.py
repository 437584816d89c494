"""The rules about schemas and components, for data that is sent and data that is read."""

from __future__ import annotations

from venuekit.drift.rules import Rule, rule

TYPES: tuple[Rule, ...] = (
    rule(
        "types",
        "type-changed",
        "BB",
        "a value is of another type",
        "Neither side reads what the other writes: a price as text is no number.",
        "wire is ok where a parameter becomes text: on the wire it was text before; where it was, "
        "or becomes, a list, wire is a risk, and source too where a text type-checks as one",
    ),
    rule(
        "types",
        "type-widened",
        "-- BB",
        "a value may be of more types",
        "What was sent is still accepted; what comes back may not fit the model.",
        "what had fields and is a mapping of any names has a class no more: source is breaking, and"
        " wire a risk where what is read of them was optional, or the mapping has a type",
    ),
    rule(
        "types",
        "type-narrowed",
        "RB --",
        "a value may be of fewer types",
        "What was sent may be refused; what comes back always fits.",
        "source is breaking where what was a mapping of any names has fields now, unless it is "
        "a whole body that is sent; wire is breaking where one of them is required",
    ),
    rule(
        "types",
        "type-declared",
        "--",
        "a type is said, or left to its keywords",
        "The other keywords say as much: properties mean an object, items an array.",
    ),
    rule(
        "types",
        "format-widened",
        "-- --",
        "a format is wider, or gone",
        "Every value of the old format is one of the new.",
        "breaking where the format decides the Python type: both verdicts for what is read, "
        "source for what is sent",
    ),
    rule(
        "types",
        "format-narrowed",
        "R- --",
        "a format is narrower, or new",
        "What was sent may be refused; what comes back always fits.",
        "source is breaking where the format decides the Python type",
    ),
    rule(
        "types",
        "format-changed",
        "R- --",
        "a format is another",
        "What was sent may be refused.",
        "breaking where the format decides the Python type",
    ),
    rule(
        "types",
        "became-nullable",
        "-- BB",
        "a value may be null",
        "Nobody needs to send null; a model that promises a value refuses it.",
        "ok for an optional property: its field takes None already",
    ),
    rule(
        "types",
        "became-not-nullable",
        "BB --",
        "a value may not be null any more",
        "Who sends null is refused; who checks for it, checks in vain.",
        "source is ok for an optional property: its field takes None still",
    ),
    rule(
        "types",
        "enum-value-added",
        "-- --",
        "an enumeration has one more value",
        "Enumerations are open: an unknown value is kept as it is.",
        "",
    ),
    rule(
        "types",
        "enum-value-removed",
        "BB -B",
        "an enumeration has a value less",
        "Who sends it is refused, and its member is gone.",
    ),
    rule(
        "types",
        "enum-names-changed",
        "-B",
        "the members of an enumeration have other names",
        "The values are the same, but callers use names that are gone.",
    ),
    rule(
        "types",
        "became-enum",
        "RB --",
        "a value is one of a few now",
        "Other values may be refused; what comes back is still of the old type.",
        "source is ok for a property: its field takes any text, and the venue refuses it",
    ),
    rule(
        "types",
        "enum-dropped",
        "-B",
        "a value is no longer one of a few",
        "Enumerations are open, but the class of this one is gone.",
    ),
    rule(
        "types",
        "const-changed",
        "B- R-",
        "a constant has another value",
        "The venue refuses the old value; constants that are read are open, and kept as they come.",
        "source is breaking for an argument, which is a literal",
    ),
    rule(
        "types",
        "default-changed",
        "R- --",
        "a default is added, changed or gone",
        "Who leaves the value out gets another behaviour, silently: defaults are never sent.",
    ),
)

LIMITS: tuple[Rule, ...] = (
    rule(
        "limits",
        "limit-tightened",
        "R- --",
        "a limit is tighter, or new",
        "What was sent may be refused: the deployed client checks the old limit.",
    ),
    rule(
        "limits",
        "limit-loosened",
        "--",
        "a limit is looser, or gone",
        "What was sent is accepted; the deployed client holds on to the old limit.",
    ),
    rule(
        "limits",
        "pattern-changed",
        "R- --",
        "a pattern is new or another",
        "What was sent may be refused: the deployed client knows the old pattern.",
    ),
    rule("limits", "pattern-removed", "--", "a pattern is gone", "Everything that fitted, fits."),
    rule(
        "limits",
        "assertion-changed",
        "R- --",
        "a condition is new or another",
        "What was sent may be refused: the deployed client does not know the condition.",
    ),
    rule(
        "limits", "assertion-removed", "--", "a condition is gone", "Everything that fitted, fits."
    ),
)

OBJECTS: tuple[Rule, ...] = (
    rule(
        "objects",
        "required-property-added",
        "BB -R",
        "a required property is new",
        "Bodies without it are refused; unknown fields of an answer are kept. "
        "Tests that build the model of an answer lack an argument.",
        "wire is ok for a readOnly one of what is sent, and source too, unless it is the first: "
        "what is sent gets a class of its own then",
    ),
    rule(
        "objects",
        "optional-property-added",
        "--",
        "an optional property is new",
        "It is a keyword that callers need not give; unknown fields are kept.",
        "source is breaking for the first readOnly one of what is sent: that gets a class of its "
        "own",
    ),
    rule(
        "objects",
        "required-property-removed",
        "RB BB",
        "a required property is gone",
        "Sent, it is ignored or refused; in an answer the model misses it. Its field is gone.",
        "wire is breaking for what is sent where additional properties are forbidden",
    ),
    rule(
        "objects",
        "optional-property-removed",
        "RB RB",
        "an optional property is gone",
        "Sent, it is ignored or refused; in an answer it is silently absent. Its field is gone.",
        "wire is breaking for what is sent where additional properties are forbidden",
    ),
    rule(
        "objects",
        "property-respelled",
        "B-",
        "a property is spelled otherwise",
        "The other side does not know it by the new name; its field is the same.",
    ),
    rule(
        "objects",
        "property-became-required",
        "BB --",
        "a property is required now",
        "Who leaves it out is refused, and lacks an argument.",
    ),
    rule(
        "objects",
        "property-became-optional",
        "-- BB",
        "a property is optional now",
        "A model that promises it refuses an answer without it, and its field may be None.",
        "source is ok where it could be null before: its field takes None already",
    ),
    rule(
        "objects",
        "access-changed",
        "-B -B",
        "a property became or ceased to be readOnly or writeOnly",
        "What is only read is no field of what is sent, and what is only sent none of what is "
        "read: a property leaves a model, or a model is split.",
        "source is a risk where a property comes back into a model: the class that was split may "
        "be gone; it is ok for an optional writeOnly: its field takes None all the same; wire is "
        "breaking where a required property has to be sent now, or comes back "
        "no more",
    ),
    rule(
        "objects",
        "additional-properties-forbidden",
        "R- --",
        "no other properties are allowed",
        "Extra fields that callers send may be refused.",
        "source is breaking where the others had a type: they were read from a field",
    ),
    rule(
        "objects",
        "additional-properties-allowed",
        "--",
        "other properties are allowed",
        "Unknown fields are kept.",
    ),
    rule(
        "objects",
        "tuple-changed",
        "RR",
        "an array has positions more or less, or of other types",
        "Who reads or writes them knows the old ones; what does not fit is read as a list.",
    ),
)

UNIONS: tuple[Rule, ...] = (
    rule(
        "unions",
        "branch-added",
        "-- BB",
        "a value may be of one more shape",
        "Who sends the old ones may still do so; who reads meets a shape that he does not know.",
        "wire is a risk where the old shapes take any object; both are ok where a discriminator "
        "tells the shapes apart: an unknown shape is kept as it is",
    ),
    rule(
        "unions",
        "branch-removed",
        "BB -R",
        "a value may be of one shape less",
        "Who sends it is refused; who reads waits for it in vain, and its class may be gone.",
        "source is ok for what is sent with a discriminator, as long as its class is there: the"
        " type of the union takes any model",
    ),
    rule(
        "unions",
        "union-kind-changed",
        "--",
        "oneOf and anyOf are exchanged",
        "The shapes are the same, and so is the type.",
    ),
    rule(
        "unions",
        "discriminator-added",
        "-- -B",
        "a property tells the shapes apart",
        "The shapes are what they were, but what comes back may be a shape that nothing announces.",
    ),
    rule(
        "unions",
        "discriminator-removed",
        "-- RR",
        "no property tells the shapes apart",
        "The deployed client looks for it; the class of the union may be gone.",
    ),
    rule(
        "unions",
        "discriminator-changed",
        "B- BB",
        "another property tells the shapes apart",
        "The other side looks for it under the new name.",
    ),
    rule(
        "unions",
        "discriminator-mapping-changed",
        "BR",
        "a shape is announced otherwise",
        "One value means another shape than before, or none.",
    ),
    rule(
        "unions",
        "discriminator-mapping-added",
        "--",
        "one more value announces a shape",
        "The old ones mean what they meant; a new shape is a finding of its own.",
    ),
)

COMPONENTS: tuple[Rule, ...] = (
    rule("components", "component-added", "--", "a schema is new", "Nobody uses its class yet."),
    rule(
        "components",
        "component-removed",
        "-B",
        "a schema is gone",
        "Callers use a class that is gone.",
        "ok where no class is made of it",
    ),
    rule(
        "components",
        "component-renamed",
        "-B",
        "a schema has another name",
        "The data are the same, but callers use a class that is gone.",
        "ok where no class is made of it",
    ),
    rule(
        "components",
        "component-exchanged",
        "-B",
        "a value is of another schema, and the one that it was of is still there",
        "What differs in the data is a finding by itself, but callers use a class in its place that"
        " it is no more.",
    ),
    rule(
        "components",
        "class-renamed",
        "-B",
        "the class of an inline schema has another name",
        "The data are the same, but callers use a class that is gone.",
    ),
)

RULES: tuple[Rule, ...] = (*TYPES, *LIMITS, *OBJECTS, *UNIONS, *COMPONENTS)
