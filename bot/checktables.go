package bot

import (
	"context"
	"strings"

	"sachhon/bot/documents"
	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// assessmentsTable lists self-checks, the oldest first, with answers and bands
// by the keys of the questions and sections: for evaluation, not for ranking.
func (b *Bot) assessmentsTable(ctx context.Context) (documents.Table, error) {
	t := b.table("DANH SÁCH TỰ ĐÁNH GIÁ SƠ BỘ", []documents.Column{
		{Key: "assessment", Title: "Số", Kind: documents.Number, Width: 7},
		{Key: "created", Title: "Ngày", Kind: documents.DateTime, Width: 17},
		{Key: "enterprise", Title: "Đơn vị", Kind: documents.Text, Width: 34},
		{Key: "taxcode", Title: "Mã số thuế", Kind: documents.Text, Width: 15},
		{Key: "sector", Title: "Ngành", Kind: documents.Text, Width: 11},
		{Key: "band", Title: "Nhìn chung", Kind: documents.Text, Width: 12},
		{Key: "answered", Title: "Trả lời (%)", Kind: documents.Number, Width: 9},
		{Key: "sections", Title: "Từng phần", Kind: documents.Text, Width: 40},
		{Key: "actions", Title: "Việc gợi ý", Kind: documents.Text, Width: 18},
		{Key: "done", Title: "Việc đã làm", Kind: documents.Text, Width: 18},
		{Key: "followed", Title: "Trả lời tiến độ lúc", Kind: documents.DateTime, Width: 17},
		{Key: "power_kwh", Title: "Điện (kWh/tháng)", Kind: documents.Number, Width: 12},
		{Key: "water_m3", Title: "Nước (m³/tháng)", Kind: documents.Number, Width: 12},
		{Key: "output", Title: "Sản lượng/tháng", Kind: documents.Number, Width: 12},
		{Key: "unit", Title: "Đơn vị tính", Kind: documents.Text, Width: 11},
		{Key: "answers", Title: "Câu trả lời", Kind: documents.Text, Width: 50},
		{Key: "version", Title: "Bộ câu hỏi", Kind: documents.Text, Width: 11},
		{Key: "contact", Title: "Mã người liên hệ", Kind: documents.Text, Width: 18},
	})
	err := boltStore{b.store}.View(ctx, func(tx Tx) error {
		return tx.Assessments(func(c programme.Assessment) bool {
			t.Rows = append(t.Rows, []any{int(c.ID), c.Created, c.Enterprise, c.TaxCode, c.Sector, string(c.Band), c.Answered,
				sectionCodes(&c), strings.Join(c.Actions, " "), strings.Join(c.Done, " "), timeOrNil(c.Followed),
				figureOrNil(c.Figures.Power), figureOrNil(c.Figures.Water), figureOrNil(c.Figures.Output), c.Figures.Unit,
				b.turns.desk.answerCodes(&c), c.Version, c.Contact})
			return true
		})
	})
	return t, err
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

// figureOrNil leaves a cell empty where no figure was given.
func figureOrNil(v float64) any {
	if v <= 0 {
		return nil
	}
	return v
}

// requestsTable lists requests for an expert's visit, the oldest first.
func (b *Bot) requestsTable(ctx context.Context) (documents.Table, error) {
	t := b.table("DANH SÁCH ĐỀ NGHỊ ĐÁNH GIÁ NHANH TẠI NHÀ MÁY", []documents.Column{
		{Key: "request", Title: "Số", Kind: documents.Number, Width: 7},
		{Key: "created", Title: "Nhận lúc", Kind: documents.DateTime, Width: 17},
		{Key: "state", Title: "Tình trạng", Kind: documents.Text, Width: 12},
		{Key: "changed", Title: "Từ lúc", Kind: documents.DateTime, Width: 17},
		{Key: "reason", Title: "Lý do", Kind: documents.Text, Width: 24},
		{Key: "name", Title: "Họ và tên", Kind: documents.Text, Width: 26},
		{Key: "phone", Title: "Điện thoại", Kind: documents.Text, Width: 15},
		{Key: "enterprise", Title: "Đơn vị", Kind: documents.Text, Width: 34},
		{Key: "taxcode", Title: "Mã số thuế", Kind: documents.Text, Width: 15},
		{Key: "sector", Title: "Ngành", Kind: documents.Text, Width: 11},
		{Key: "need", Title: "Việc cần xem", Kind: documents.Text, Width: 40},
		{Key: "weeks", Title: "Tuần đề nghị", Kind: documents.Text, Width: 24},
		{Key: "assessment", Title: "Tự đánh giá số", Kind: documents.Number, Width: 9},
		{Key: "contact", Title: "Mã người liên hệ", Kind: documents.Text, Width: 18},
	})
	err := boltStore{b.store}.View(ctx, func(tx Tx) error {
		return tx.Requests(func(r programme.Request) bool {
			var check any
			if r.Assessment > 0 {
				check = int(r.Assessment)
			}
			t.Rows = append(t.Rows, []any{int(r.ID), r.Created, string(r.State), r.Changed, r.Reason, r.Name, r.Phone, r.Enterprise,
				r.TaxCode, r.Sector, r.Need, b.turns.desk.weekWords(r.Weeks).In(dialogs.Vietnamese), check, r.Contact})
			return true
		})
	})
	return t, err
}
