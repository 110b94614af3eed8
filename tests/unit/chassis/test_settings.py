"""A service starts on safe settings, says what is missing, and refuses what is unsafe."""

from pathlib import Path

import pytest
from chassis.run.settings import Settings, SettingsError

PASSWORD = "hush-4711"
SAFE = {
    "KH_PROVINCE": "14",
    "TRAINING_URL": "http://127.0.0.1:8080",
    "TRAINING_GRPC": "127.0.0.1:9090",
    "TRAINING_DATABASE_URL": f"postgresql://kh_training:{PASSWORD}@db/kh_training?sslmode=verify-full",
    "TRAINING_OWNER_URL": f"postgresql://owner:{PASSWORD}@db/kh_training?sslmode=verify-full",
    "ISSUER_URL": "https://sso.example/realms/khuyenhoc",
    "KAFKA_BOOTSTRAP": "kafka:9092",
}
LOCAL = SAFE | {
    "KH_PROFILE": "local",
    "ISSUER_URL": "http://127.0.0.1:7000",
    "TRAINING_DATABASE_URL": "postgresql://kh_training@127.0.0.1/kh_training",
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch):
    def given(environment: dict[str, str]) -> Settings:
        for name in [
            *SAFE,
            "TRAINING_METRICS",
            "TRAINING_TOPIC",
            "KH_PROFILE",
            "KH_KEY_FILE",
            "KH_RECORDED_AT",
            "KH_FAILPOINT",
        ]:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Settings.read("training")

    return given


def test_a_service_reads_its_own_names_and_the_shared_ones(read) -> None:
    settings = read(SAFE)
    assert settings.log_name == "14.training"
    assert settings.http_address == ("127.0.0.1", 8080)
    assert settings.grpc_address == ("127.0.0.1", 9090)
    assert settings.metrics_address is None
    assert settings.topic == "khuyenhoc.14.training.v1"
    assert settings.topic_of("registry") == "khuyenhoc.14.registry.v1"
    assert settings.app_role == "kh_training"
    assert settings.kafka_bootstrap == "kafka:9092"


def test_left_alone_a_service_runs_as_in_production(read) -> None:
    settings = read(SAFE)
    assert settings.profile == "production"
    assert not settings.local
    assert not settings.recorded_at_allowed


def test_the_local_profile_may_do_without_encryption_and_passwords(read) -> None:
    settings = read(LOCAL)
    assert settings.local
    assert settings.recorded_at_allowed


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ISSUER_URL": "http://sso.example"}, "ISSUER_URL"),
        ({"KH_RECORDED_AT": "true"}, "KH_RECORDED_AT"),
        ({"KH_FAILPOINT": "after-append"}, "KH_FAILPOINT"),
        ({"TRAINING_DATABASE_URL": "postgresql://u@db/x?sslmode=require"}, "has no password"),
        ({"TRAINING_DATABASE_URL": f"postgresql://u:{PASSWORD}@db/x"}, "sslmode"),
        ({"TRAINING_OWNER_URL": f"postgresql://u:{PASSWORD}@db/x?sslmode=prefer"}, "OWNER_URL"),
        (
            {"TRAINING_VAULT_URL": f"postgresql://u:{PASSWORD}@db/v?sslmode=require"},
            "KH_KEY_FILE",
        ),
        ({"TRAINING_VAULT_URL": f"postgresql://u:{PASSWORD}@db/v"}, "TRAINING_VAULT_URL"),
        ({"KH_PROFILE": "locl", "ISSUER_URL": "http://127.0.0.1:7000"}, "profile locl"),
    ],
)
def test_outside_the_local_profile_what_is_unsafe_is_refused_by_name(read, change, named) -> None:
    with pytest.raises(SettingsError, match=named):
        read(SAFE | change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"TRAINING_GRPC": "nowhere"}, "TRAINING_GRPC must be host:port"),
        ({"TRAINING_METRICS": "9100"}, "TRAINING_METRICS must be host:port"),
        ({"KH_PROVINCE": "sơn la"}, "KH_PROVINCE"),
        ({"KH_PROFILE": "Local!"}, "KH_PROFILE"),
        ({"KH_RECORDED_AT": "perhaps"}, "KH_RECORDED_AT"),
        ({"KH_KEY_FILE": "/nowhere/key"}, "KH_KEY_FILE /nowhere/key: No such file"),
    ],
)
def test_what_is_malformed_is_refused_in_every_profile(read, change, named) -> None:
    with pytest.raises(SettingsError, match=named):
        read(LOCAL | change)


def test_what_is_missing_is_said_by_its_name_in_the_environment(read) -> None:
    with pytest.raises(SettingsError) as refused:
        read({"KH_PROVINCE": "14"})
    for name in ("TRAINING_URL", "TRAINING_DATABASE_URL", "ISSUER_URL"):
        assert f"{name} is not set" in str(refused.value)


def test_an_address_only_one_role_needs_is_asked_for_by_that_role(read) -> None:
    settings = read(LOCAL)
    assert settings.require("owner_url") == SAFE["TRAINING_OWNER_URL"]
    with pytest.raises(SettingsError, match="TRAINING_VAULT_OWNER_URL is not set"):
        settings.require("vault_owner_url")


@pytest.mark.parametrize(
    ("mode", "safe"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False)]
)
def test_a_key_that_others_can_read_is_refused(read, tmp_path: Path, mode: int, safe: bool) -> None:
    key = tmp_path / "key"
    key.write_text("k")
    key.chmod(mode)
    if safe:
        assert read(LOCAL | {"KH_KEY_FILE": str(key)}).key_file == key
    else:
        with pytest.raises(SettingsError, match="open to others"):
            read(LOCAL | {"KH_KEY_FILE": str(key)})


def test_no_password_is_ever_shown(read) -> None:
    settings = read(SAFE)
    assert PASSWORD in settings.database_url
    assert PASSWORD not in repr(settings) + str(settings) + repr(settings.model_dump())
    assert "kh_training:***@db" in repr(settings)
    with pytest.raises(SettingsError) as refused:
        read(SAFE | {"KH_PROVINCE": PASSWORD, "TRAINING_GRPC": "x"})
    assert PASSWORD not in str(refused.value)


def test_a_refusal_is_one_line_on_standard_error_and_exit_code_2(read, monkeypatch, capsys) -> None:
    read(SAFE)
    monkeypatch.setenv("ISSUER_URL", "http://sso.example")
    with pytest.raises(SystemExit) as refused:
        Settings.for_service("training")
    assert refused.value.code == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.count("\n") == 1
    assert written.err.startswith("training does not start: ISSUER_URL must be https")
