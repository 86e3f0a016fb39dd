"""The sample office's documents. Places, bureaus and people are invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Notice:
    """One document of the sample office."""

    key: int
    title: str
    number: str | None
    issued: str  # 2026-03-12
    published: str
    issuer: str
    genre: str
    keywords: str
    paragraphs: list[str]
    attachments: dict[str, bytes] = field(default_factory=dict)  # file name → content
    gone: bool = False
    redecorated: bool = False

    def index_number(self, code: str) -> str:
        """索引号 in the office's own scheme."""
        return f"{code}/{self.published[:4]}-{self.key:05d}"


_OPENING = "各镇人民政府，各街道办事处，市政府各部门、各直属单位："
_CLOSING = "本通知自印发之日起施行，由{issuer}负责解释。执行中遇有问题，请及时向{issuer}反映。"
_SUBJECTS = (
    (
        "关于印发云溪市农贸市场管理办法的通知",
        "市场管理 农贸市场 办法",
        "农贸市场开办者应当建立食用农产品进货查验记录制度，记录保存期限不少于六个月。",
    ),
    (
        "关于做好2026年防汛抗旱工作的通知",
        "防汛 抗旱 应急",
        "各水库自4月15日起执行汛期调度方案，库容超过警戒线百分之五的，须在两小时内报告。",
    ),
    (
        "关于公布2026年度行政许可事项清单的公告",
        "行政许可 清单 公告",
        "本市行政许可事项共203项，其中市级121项、镇（街道）级82项。",
    ),
    (
        "关于加强建筑工地扬尘治理的通知",
        "建筑工地 扬尘 治理",
        "土方作业阶段应当采取湿法作业，出入口车辆冲洗设施的完好率应当达到百分之百。",
    ),
    (
        "关于调整城镇居民生活用水价格的通知",
        "水价 调整 民生",
        "第一阶梯水价为每立方米2.85元，年用水量在180立方米以内；第二阶梯为每立方米4.10元。",
    ),
    (
        "关于开展电动自行车消防安全专项整治的通告",
        "电动自行车 消防 整治",
        "严禁在公共门厅、疏散通道、楼梯间停放电动自行车或者为电动自行车充电。",
    ),
    (
        "2025年度政府信息公开工作年度报告",
        "信息公开 年度报告",
        "全年主动公开政府信息1,286条，受理依申请公开47件，均在法定期限内答复。",
    ),
    (
        "关于印发老旧小区改造三年行动计划的通知",
        "老旧小区 改造 行动计划",
        "三年内完成改造小区96个，惠及居民3.4万户，加装电梯不少于150部。",
    ),
    (
        "关于表彰优秀志愿服务组织的决定",
        "表彰 志愿服务 决定",
        "授予青禾志愿服务队等12个组织“优秀志愿服务组织”称号。",
    ),
    (
        "关于义务教育阶段学校招生工作的实施意见",
        "教育 招生 实施意见",
        "公办小学、初中实行免试就近入学，报名时间为6月20日至6月25日。",
    ),
)


def notices(issuer: str, code: str, first_key: int) -> Iterator[Notice]:
    """Ten documents of one issuer, the oldest first."""
    for place, (title, keywords, rule) in enumerate(_SUBJECTS):
        day = f"2026-{place // 3 + 1:02d}-{place * 2 + 5:02d}"
        number = None if title.endswith(("报告", "公告", "通告")) else f"{code}〔2026〕{place + 3}号"
        yield Notice(
            key=first_key + place, title=title, number=number, issued=day,
            published=f"{day[:8]}{int(day[8:]) + 2:02d}", issuer=issuer, genre=title[-2:], keywords=keywords,
            paragraphs=[
                _OPENING,
                f"根据有关法律、法规的规定，结合本市实际，现就{title.removeprefix('关于').rstrip('的通知公告意见决定')}有关事项明确如下：",
                f"一、{rule}",
                "二、各单位应当明确责任人员，细化工作措施，按季度将落实情况报送市人民政府办公室。",
                "三、对不履行或者不正确履行职责的，依照有关规定追究责任；涉嫌犯罪的，依法移送司法机关。",
                _CLOSING.format(issuer=issuer),
            ],
        )  # fmt: skip


def penalty(key: int, amount: str) -> Notice:
    """行政处罚决定 with an amount, the kind of text in which a quiet edit matters."""
    return Notice(
        key=key, title="行政处罚决定书（云溪市晨光建材有限公司）", number="云市监处罚〔2026〕18号", issued="2026-05-11",
        published="2026-05-13", issuer="云溪市市场监督管理局", genre="处罚", keywords="行政处罚 建材 产品质量",
        paragraphs=[
            "当事人：云溪市晨光建材有限公司，住所：云溪市南湾镇工业路7号。",
            "经查，当事人于2026年2月销售不符合国家标准的防水卷材120卷，货值金额38,400元。",
            f"依据有关规定，责令当事人停止销售，没收违法所得6,200元，并处罚款人民币{amount}。",
            "当事人应当自收到本决定书之日起十五日内缴纳罚款；逾期不缴纳的，每日按罚款数额的百分之三加处罚款。",
        ],
    )  # fmt: skip
