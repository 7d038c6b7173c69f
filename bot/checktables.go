package bot

import (
	"context"
	"strings"
	"time"

	"sachhon/bot/documents"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// assessmentsTable lists self-checks, the oldest first, with answers and bands
// by the keys of the questions and sections: for evaluation, not for ranking.
func (b *Bot) assessmentsTable(ctx context.Context) (documents.Table, error) {
	type check = programme.Assessment
	return tableOf(ctx, b, "DANH SÁCH TỰ ĐÁNH GIÁ SƠ BỘ", []column[check]{
		numberColumn("assessment", "Số", 7, func(c *check) int { return int(c.ID) }),
		timeColumn("created", "Ngày", func(c *check) time.Time { return c.Created }),
		enterpriseColumn(func(c *check) string { return c.Enterprise }),
		taxCodeColumn(func(c *check) string { return c.TaxCode }),
		sectorColumn(func(c *check) string { return c.Sector }),
		textColumn("band", "Nhìn chung", 12, func(c *check) string { return string(c.Band) }),
		{documents.Column{Key: "answered", Title: "Trả lời (%)", Kind: documents.Number, Width: 9}, func(c *check) any { return c.Answered }},
		textColumn("sections", "Từng phần", 40, sectionCodes),
		textColumn("actions", "Việc gợi ý", 18, func(c *check) string { return strings.Join(c.Actions, " ") }),
		textColumn("done", "Việc đã làm", 18, func(c *check) string { return strings.Join(c.Done, " ") }),
		timeColumn("followed", "Trả lời tiến độ lúc", func(c *check) time.Time { return c.Followed }),
		numberColumn("power_kwh", "Điện (kWh/tháng)", 12, func(c *check) float64 { return c.Figures.Power }),
		numberColumn("water_m3", "Nước (m³/tháng)", 12, func(c *check) float64 { return c.Figures.Water }),
		numberColumn("output", "Sản lượng/tháng", 12, func(c *check) float64 { return c.Figures.Output }),
		textColumn("unit", "Đơn vị tính", 11, func(c *check) string { return c.Figures.Unit }),
		textColumn("answers", "Câu trả lời", 50, b.turns.desk.answerCodes),
		textColumn("version", "Bộ câu hỏi", 11, func(c *check) string { return c.Version }),
		contactColumn(func(c *check) string { return c.Contact }),
	}, func(tx Tx, add func(check) bool) error { return tx.Assessments(add) })
}

// sectionCodes lists the bands of sections: "commitment=good; water=start".
func sectionCodes(c *programme.Assessment) string {
	var list []string
	for _, s := range c.Sections {
		if s.Band != "" {
			list = append(list, s.Key+"="+string(s.Band))
		}
	}
	return strings.Join(list, "; ")
}

// answerCodes lists the answers in the order of the questions; those to
// questions that are there no more come last.
func (a *actions) answerCodes(c *programme.Assessment) string {
	var list []string
	told := map[string]bool{}
	add := func(key string) {
		if code, ok := c.Answers[key]; ok && !told[key] {
			list = append(list, key+"="+code)
			told[key] = true
		}
	}
	for _, set := range a.questions(c.Sector) {
		for _, q := range set.Questions {
			add(q.Key)
		}
	}
	for _, g := range c.Given() {
		add(g.Node)
	}
	return strings.Join(list, " ")
}

// requestsTable lists requests for an expert's visit, the oldest first.
func (b *Bot) requestsTable(ctx context.Context) (documents.Table, error) {
	type request = programme.Request
	return tableOf(ctx, b, "DANH SÁCH ĐỀ NGHỊ ĐÁNH GIÁ NHANH TẠI NHÀ MÁY", []column[request]{
		numberColumn("request", "Số", 7, func(r *request) int { return int(r.ID) }),
		timeColumn("created", "Nhận lúc", func(r *request) time.Time { return r.Created }),
		textColumn("state", "Tình trạng", 12, func(r *request) string { return string(r.State) }),
		timeColumn("changed", "Từ lúc", func(r *request) time.Time { return r.Changed }),
		textColumn("reason", "Lý do", 24, func(r *request) string { return r.Reason }),
		nameColumn(func(r *request) string { return r.Name }),
		phoneColumn(func(r *request) string { return r.Phone }),
		enterpriseColumn(func(r *request) string { return r.Enterprise }),
		taxCodeColumn(func(r *request) string { return r.TaxCode }),
		sectorColumn(func(r *request) string { return r.Sector }),
		textColumn("need", "Việc cần xem", 40, func(r *request) string { return r.Need }),
		textColumn("weeks", "Tuần đề nghị", 24, func(r *request) string { return b.turns.desk.weekWords(r.Weeks).In(dialogs.Vietnamese) }),
		numberColumn("assessment", "Tự đánh giá số", 9, func(r *request) int { return int(r.Assessment) }),
		contactColumn(func(r *request) string { return r.Contact }),
	}, func(tx Tx, add func(request) bool) error { return tx.Requests(add) })
}
