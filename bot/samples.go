package bot

import (
	"context"
	"fmt"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// sample is a class of the demonstration; days counts from today to its first
// session.
type sample struct {
	sector       string
	title, about dialogs.Text
	venue        string
	days         int
	sessions     int
	seats, limit int
	taken        int // seats that are gone already
}

// samples are classes as the programme of 2015 had them: two a year, and others
// that a demonstration needs to show what is full and what is nearly so.
var samples = []sample{
	{sector: "wood", days: 16, sessions: 1, seats: 40, limit: 2, taken: 28,
		title: dialogs.Text{VI: "Sản xuất sạch hơn cho ngành gỗ", EN: "Cleaner production for the wood industry"},
		about: dialogs.Text{
			VI: "Buổi sáng: bụi, sấy gỗ và sơn, chỗ nào hao nhiều nhất.\nBuổi chiều: đo tại xưởng mẫu, lập danh sách việc làm ngay.\nPhù hợp: tổ trưởng, kỹ thuật, phụ trách môi trường.",
			EN: "Morning: dust, drying and finishing, and where most is lost.\nAfternoon: measuring in a model workshop, a list of things to do at once.\nFor team leaders, technicians and environment staff."},
		venue: "Hội trường B, phường Thủ Dầu Một"},
	{sector: "food", days: 23, sessions: 2, seats: 30, limit: 2, taken: 3,
		title: dialogs.Text{VI: "Tiết kiệm nước trong chế biến thực phẩm", EN: "Saving water in food processing"},
		about: dialogs.Text{
			VI: "Hai buổi: vét khô trước khi rửa, vòi có khóa, đồng hồ theo khu; an toàn thực phẩm luôn đi trước.",
			EN: "Two sessions: dry cleaning before washing, nozzles with a trigger, meters by area; food safety always comes first."},
		venue: "Phòng họp 2, Trung tâm Khuyến công"},
	{days: 9, sessions: 1, seats: 2, taken: 2,
		title: dialogs.Text{VI: "Nhập môn sản xuất sạch hơn", EN: "Introduction to cleaner production"},
		about: dialogs.Text{VI: "Sáu bước, ba câu hỏi, và cách chọn việc làm trước.", EN: "Six steps, three questions, and how to choose what to do first."},
		venue: "Hội trường A, phường Dĩ An"},
}

// AddSamples fills an empty store with the classes of the demonstration; one
// that has classes already is left alone.
func (b *Bot) AddSamples(ctx context.Context) error {
	empty := true
	err := boltStore{b.store}.View(ctx, func(tx Tx) error {
		return tx.Classes(func(programme.Class) bool { empty = false; return false })
	})
	if err != nil || !empty {
		return err
	}
	for _, s := range samples {
		if err := b.addSample(ctx, s); err != nil {
			return fmt.Errorf("add sample classes: %w", err)
		}
	}
	return nil
}

func (b *Bot) addSample(ctx context.Context, s sample) error {
	today := b.clock()
	spec := ClassSpec{Title: s.title, About: s.about, Sector: s.sector, Venue: s.venue, Seats: s.seats, PerEnterprise: s.limit}
	for i := range s.sessions {
		day := workday(today.AddDate(0, 0, s.days)).AddDate(0, 0, i)
		at := func(h, m int) time.Time {
			return time.Date(day.Year(), day.Month(), day.Day(), h, m, 0, 0, b.cfg.Timezone)
		}
		spec.Sessions = append(spec.Sessions, SessionSpec{Starts: at(8, 0), Ends: at(16, 30)})
	}
	class, err := b.AddClass(ctx, spec)
	if err != nil {
		return err
	}
	return b.committer.Do(ctx, func(tx Tx, fx *effects) error {
		for i := range s.taken {
			_, _, err := programme.Register(tx, programme.RegisterRequest{Class: class.ID, Name: fmt.Sprintf("Người học mẫu %d", i+1),
				Enterprise: fmt.Sprintf("Doanh nghiệp mẫu %d", i+1), Phone: fmt.Sprintf("+84900000%03d", i+1), Role: programme.RoleTechnical}, b.clock())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// workday is day itself, or the Tuesday after when it falls on a weekend or
// leaves no room for a second day.
func workday(day time.Time) time.Time {
	for day.Weekday() == time.Sunday || day.Weekday() == time.Saturday || day.Weekday() == time.Friday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}
