"""Statistics of registrations and titles."""

from reporting.catalogue.measure import Kind, Measure, Words

MODELS = ("citizen", "family", "clan", "community", "unit")
GROUPS = ("farmer", "worker", "official", "learner", "village", "commune", "province")
LEVELS = ("level_1", "level_2", "good", "fair", "average")
RENEWALS = ("true", "false")
BASES = {
    "ADULTS_15PLUS": "citizen",
    "ADULTS_18PLUS": "citizen",
    "HOUSEHOLDS": "family",
    "CLANS": "clan",
    "VILLAGES": "community",
    "UNITS": "unit",
}
"""The model whose holders each kind of base is compared with."""

MEASURES = (
    Measure(
        id="titles_held",
        name=Words("Danh hiệu đang có hiệu lực", "Titles held"),
        kind=Kind.STOCK,
        unit=Words("danh hiệu", "holder"),
        dimensions=("model", "season", "group", "level"),
        definition=Words(
            "Số cá nhân, gia đình, dòng họ, cộng đồng, đơn vị có danh hiệu còn hiệu lực vào ngày"
            " cuối kỳ, hoặc vào ngày tính đến nếu ngày đó sớm hơn; mỗi chủ thể của một mô hình tính"
            " một lần, dù đã được công nhận lại. Gồm cả danh hiệu có từ trước được nhập vào. Không"
            " cộng được qua các kỳ.",
            "Holders whose title is valid on the last day of the period, or on the day as of which"
            " is asked where that is earlier; each subject counts once in a model, however often"
            " the title was renewed. Titles from earlier times that were imported count. It never"
            " adds over periods.",
        ),
        source=(
            "khuyenhoc.registry.v1.TitleRecognised",
            "khuyenhoc.registry.v1.TitleImported",
            "khuyenhoc.registry.v1.TitleRevoked",
        ),
    ),
    Measure(
        id="titles_recognised",
        name=Words("Lượt công nhận danh hiệu", "Titles recognised"),
        kind=Kind.FLOW,
        unit=Words("lượt công nhận", "title"),
        dimensions=("model", "season", "renewal"),
        definition=Words(
            "Số lượt công nhận, gồm cả công nhận lại, tính vào ngày quyết định có hiệu lực. Danh"
            " hiệu nhập từ trước không tính; danh hiệu bị thu hồi sau đó vẫn là một lượt.",
            "Recognitions, renewals included, on the day the decision took effect. Imported titles"
            " do not count; a title revoked later was recognised all the same.",
        ),
        source=("khuyenhoc.registry.v1.TitleRecognised",),
    ),
    Measure(
        id="registrations",
        name=Words("Lượt đăng ký", "Registrations"),
        kind=Kind.FLOW,
        unit=Words("lượt đăng ký", "case"),
        dimensions=("model", "season"),
        definition=Words(
            "Số lượt đăng ký danh hiệu, tính vào ngày đăng ký. Đăng ký rồi rút vẫn là một lượt;"
            " đăng ký lại sau khi rút là một lượt nữa.",
            "Registrations for a title, on the day of registration. One that was withdrawn was a"
            " registration all the same; registering again afterwards is another.",
        ),
        source=("khuyenhoc.registry.v1.TitleRegistered",),
    ),
)

RATES = (
    Measure(
        id="titles_rate",
        name=Words("Tỷ lệ đạt danh hiệu", "Rate of titles held"),
        kind=Kind.RATIO,
        unit=Words("phần trăm", "%"),
        dimensions=("model", "base_kind"),
        definition=Words(
            "Số danh hiệu đang có hiệu lực trên một trăm người từ 15 hoặc 18 tuổi, hộ gia đình,"
            " dòng họ, thôn bản, đơn vị, theo số liệu gốc mới nhất đến ngày đó, có ghi nguồn."
            " Cộng đồng cấp xã, cấp tỉnh không tính vào tỷ lệ thôn bản. Nơi chưa có số liệu gốc thì"
            " không có tỷ lệ.",
            "Titles held for every hundred adults (of 15 or 18 years), households, clans, villages"
            " or units, by the latest base of that day, which has a source. Administrative"
            " communities are not set against villages. Where no base is known there is no rate.",
        ),
        source=MEASURES[0].source,
    ),
)
