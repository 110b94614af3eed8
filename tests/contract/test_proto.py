"""The contracts keep what they promised, and the generated code is theirs."""

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)

from deploy.local import contracts


def descriptors(content: bytes) -> FileDescriptorSet:
    return FileDescriptorSet.FromString(content)


@pytest.fixture(scope="module")
def promised() -> FileDescriptorSet:
    return descriptors(contracts.BASELINE.read_bytes())


@pytest.fixture(scope="module")
def today(tmp_path_factory) -> FileDescriptorSet:
    file = tmp_path_factory.mktemp("proto") / "today.binpb"
    contracts.describe(file)
    return descriptors(file.read_bytes())


def messages(files: FileDescriptorSet) -> dict[str, DescriptorProto]:
    def nested(prefix: str, message: DescriptorProto) -> Iterator[tuple[str, DescriptorProto]]:
        name = f"{prefix}.{message.name}"
        yield name, message
        for inner in message.nested_type:
            yield from nested(name, inner)

    return dict(
        found
        for file in files.file
        for message in file.message_type
        for found in nested(file.package, message)
    )


def shape(field: FieldDescriptorProto) -> tuple[str, int, int, str]:
    return field.name, field.type, field.label, field.type_name


def values(files: FileDescriptorSet) -> dict[str, int]:
    return {
        f"{file.package}.{enum.name}.{value.name}": value.number
        for file in files.file
        for enum in file.enum_type
        for value in enum.value
    }


def methods(files: FileDescriptorSet) -> dict[str, tuple[str, str, bool, bool]]:
    return {
        f"{file.package}.{service.name}.{method.name}": (
            method.input_type,
            method.output_type,
            method.client_streaming,
            method.server_streaming,
        )
        for file in files.file
        for service in file.service
        for method in service.method
    }


def test_the_generated_code_is_that_of_the_contracts():
    assert not contracts.out_of_step()


def test_a_drifted_file_would_be_found(tmp_path, monkeypatch):
    contracts.generate(tmp_path)
    monkeypatch.setattr(contracts, "GENERATED", tmp_path)
    assert contracts.out_of_step() == []
    drifted = tmp_path / min(contracts.files_of(tmp_path))
    drifted.write_text(drifted.read_text() + "# touched\n")
    assert contracts.out_of_step() == [str(drifted.relative_to(tmp_path))]


def test_no_field_ever_published_is_renumbered_renamed_or_retyped(promised, today):
    now = messages(today)
    assert messages(promised)
    for name, message in messages(promised).items():
        fields = {field.number: shape(field) for field in now[name].field}
        for field in message.field:
            assert fields[field.number] == shape(field), f"{name}.{field.name}"


def test_no_published_name_of_a_choice_is_taken_away(promised, today):
    assert values(promised).items() <= values(today).items()


def test_no_method_ever_offered_is_taken_away(promised, today):
    assert methods(promised).items() <= methods(today).items()


def test_every_package_is_under_the_promise(promised, today):
    assert {file.package for file in today.file} == {file.package for file in promised.file}
