"""Words that heads of tables use for one thing, in English and both scripts of Chinese: data, and nothing
else.

Read by `heads`. A field belongs to a line when its API name, one of its labels, or the name of the object it
stands for is there; so a line also joins the languages of a package that is not translated.
"""

from __future__ import annotations

from typing import Final

LINES: Final = """
name, full name, title, 名称, 名稱, 姓名, 名字
account, customer, client, company, organisation, organization, business, firm, account name, \
company name, 客户, 客戶, 公司, 企业, 企業, 单位, 單位, 客户名称, 客戶名稱, 公司名称, 公司名稱, \
企业名称, 单位名称
contact, contact person, contact name, person, 联系人, 聯絡人, 联系人姓名, 聯絡人姓名
opportunity, deal, deal name, opportunity name, opportunity id, deal id, sales chance, 商机, 商機, \
商机名称, 商機名稱, 商机编号, 机会, 销售机会, 銷售機會
product, item, product name, article, sku name, 产品, 產品, 商品, 产品名称, 產品名稱, 商品名称, 品名
user, employee, sales agent, agent, sales rep, sales representative, salesperson, staff, employee name, \
用户, 使用者, 员工, 員工, 销售人员, 銷售人員, 员工姓名, 销售代表, 业务员
owner, sales agent, agent, sales rep, sales representative, salesperson, account manager, account owner, \
assigned to, responsible, record owner, 负责人, 負責人, 所有者, 销售人员, 銷售人員, 业务员, 業務員, \
跟进人, 归属人
manager, supervisor, boss, reports to, line manager, team lead, 上级, 主管, 经理, 上司, 直属上级, \
主管姓名
department, office, regional office, branch, team, business unit, division, 部门, 部門, 所属部门, \
所屬部門, 办事处, 分公司, 团队, 区域办公室
industry, sector, vertical, line of business, branch of industry, 行业, 行業, 产业, 產業, 所属行业, \
所屬行業
annual revenue, revenue, turnover, yearly revenue, sales volume, 年营收, 年營收, 营收, 年收入, 营业额, \
年营业额, 年銷售額
city, town, location, office location, place, 城市, 所在城市, 城区, 所在地
region, area, territory, sales region, 区域, 區域, 大区, 地区, 地區, 片区
parent, parent account, subsidiary of, parent company, mother company, belongs to, holding, 上级客户, \
上級客戶, 母公司, 总公司, 所属集团, 上级公司
address, street, 地址, 详细地址, 通讯地址, 街道
phone, telephone, tel, phone number, telephone number, office phone, landline, 电话, 電話, 联系电话, \
座机, 电话号码
mobile, cell, cell phone, mobile phone, mobile number, 手机, 手機, 手机号, 手机号码, 移动电话, 行動電話
email, e mail, mail, email address, e mail address, 邮箱, 電子郵件, 邮件, 电子邮件, 电子邮箱, 郵箱, 信箱
website, web, url, homepage, home page, web site, site, 网站, 網站, 网址, 官网, 主页
job title, title, position, role, function, 职务, 職務, 职位, 職位, 头衔, 岗位
stage, deal stage, sales stage, status of deal, pipeline stage, 阶段, 階段, 销售阶段, 銷售階段, 商机阶段
status, state, 状态, 狀態
amount, value, close value, deal value, deal size, deal amount, opportunity amount, 金额, 金額, \
成交金额, 成交金額, 商机金额, 合同金额, 预计金额
close date, closing date, closed on, expected close, expected close date, signed on, end date, 成交日期, \
预计成交日期, 預計成交日期, 结束日期, 结单日期, 签约日期
list price, price, sales price, unit price, retail price, 标价, 標價, 单价, 單價, 价格, 價格, 售价, \
销售价格, 目录价
unit price, price, net price, 单价, 單價
category, series, product family, family, product line, product group, product category, group, 类别, \
類別, 产品分类, 产品类别, 产品系列, 系列, 分类
sku, product code, article number, item number, part number, code, product id, 产品编码, 產品編號, 货号, \
编码, 物料编码
code, abbreviation, short code, 代码, 代碼, 编码
quantity, qty, number of units, pieces, count, 数量, 數量, 件数
discount, rebate, 折扣, 折讓, 优惠
currency, currency code, 货币, 貨幣, 币种, 幣別, 幣種
source, lead source, origin, channel, came from, 来源, 來源, 线索来源, 渠道
description, notes, note, remarks, remark, comment, comments, memo, 备注, 備註, 说明, 描述, 说明备注
registration, registration number, company number, tax id, tax number, vat number, vat id, 注册号, \
註冊號, 统一社会信用代码, 税号, 工商注册号, 統一編號
legal name, full legal name, registered name, 法定名称, 法定名稱, 公司全称, 企业全称
size, employees, number of employees, headcount, company size, staff size, 员工规模, 員工規模, 员工人数, \
人数, 规模
level, customer level, grade, tier, 级别, 級別, 客户级别, 等级, 客戶等級
type, kind, customer type, account type, 类型, 類型, 客户类型, 客户类别
subject, topic, matter, 主题, 主題, 标题, 事由
birthday, date of birth, birth date, born on, 生日, 出生日期
tags, labels, keywords, 标签, 標籤, 关键词
next step, next action, follow up, 下一步, 下一步行动, 后续步骤
lost reason, reason for losing, loss reason, why lost, 输单原因, 失單原因, 丢单原因, 失败原因
company, company name, organisation, organization, employer, 公司, 公司名称, 公司名稱, 单位, 企业名称
billing address, invoice address, 账单地址, 開票地址, 开票地址
shipping address, delivery address, 收货地址, 收貨地址, 送货地址
language, locale, 语言, 語言
priority, urgency, importance, 优先级, 優先級, 紧急程度
due date, deadline, due, due on, 截止日期, 到期日, 到期日期
cost, cost price, purchase price, 成本, 成本价, 进价
tax rate, vat, vat rate, tax, 税率, 稅率
unit, unit of measure, uom, 单位, 計量單位, 计量单位
id, record id, identifier, 记录编号, 记录id
"""


def groups() -> dict[str, frozenset[int]]:
    """Every word → the numbers of the lines that it stands in."""
    found: dict[str, frozenset[int]] = {}
    for number, line in enumerate(LINES.strip().splitlines()):
        for word in line.split(","):
            found[word.strip()] = found.get(word.strip(), frozenset()) | {number}
    return found
