package programme_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"sachhon/bot/programme"
	"sachhon/dialogs"
)

// goodClass is a request with nothing wrong.
func goodClass() programme.ClassRequest {
	return programme.ClassRequest{Title: dialogs.Text{VI: "Sản xuất sạch hơn"}, Venue: "Hội trường B", Seats: 40,
		Sessions: []programme.Session{{Starts: at(10, 8), Ends: at(10, 11)}, {Starts: at(10, 13), Ends: at(10, 16)}}}
}

// at is a day of December 2026 and an hour in Vietnam.
func at(day, hour int) time.Time {
	return time.Date(2026, 12, day, hour, 0, 0, 0, time.FixedZone("+07", 7*3600))
}

func random() io.Reader { return strings.NewReader(strings.Repeat("0123456789abcdefghijklmnop", 9)) }

func TestAddClassSaysEverythingThatIsWrong(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*programme.ClassRequest)
		want   string
	}{
		{"nothing wrong", func(*programme.ClassRequest) {}, ""},
		{"every field", func(c *programme.ClassRequest) {
			c.Content.EN, c.Sector, c.PerEnterprise, c.Closes = "All of it", programme.SectorFood, 2, at(9, 17)
		}, ""},
		{"closes as it starts", func(c *programme.ClassRequest) { c.Closes = at(10, 8) }, ""},
		{"sessions in any order", func(c *programme.ClassRequest) { slices.Reverse(c.Sessions) }, ""},
		{"no title", func(c *programme.ClassRequest) { c.Title = dialogs.Text{VI: " \n", EN: "x"} }, "title_missing"},
		{"long title", func(c *programme.ClassRequest) { c.Title.EN = strings.Repeat("ạ", 201) }, "title_long"},
		{"long content", func(c *programme.ClassRequest) { c.Content.VI = strings.Repeat("ạ", 2001) }, "content_long"},
		{"no venue", func(c *programme.ClassRequest) { c.Venue = "" }, "venue_missing"},
		{"long venue", func(c *programme.ClassRequest) { c.Venue = strings.Repeat("x", 301) }, "venue_long"},
		{"another sector", func(c *programme.ClassRequest) { c.Sector = "steel" }, "sector_unknown"},
		{"no seats", func(c *programme.ClassRequest) { c.Seats = 0 }, "seats_too_few"},
		{"a slip in the seats", func(c *programme.ClassRequest) { c.Seats = 40000 }, "seats_too_many"},
		{"less than no limit", func(c *programme.ClassRequest) { c.PerEnterprise = -1 }, "quota_negative"},
		{"no session", func(c *programme.ClassRequest) { c.Sessions = nil }, "sessions_missing"},
		{"ends before it starts", func(c *programme.ClassRequest) { c.Sessions[0].Ends = at(10, 7) }, "1 session_order"},
		{"ends as it starts", func(c *programme.ClassRequest) { c.Sessions[1].Ends = at(10, 13) }, "2 session_order"},
		{"sessions overlap", func(c *programme.ClassRequest) { c.Sessions[1].Starts = at(10, 10) }, "2 session_overlap"},
		{"last year", func(c *programme.ClassRequest) {
			c.Sessions = []programme.Session{{Starts: at(10, 8).AddDate(-1, 0, 0), Ends: at(10, 11).AddDate(-1, 0, 0)}}
		}, "sessions_past"},
		{"closes too late", func(c *programme.ClassRequest) { c.Closes = at(10, 9) }, "closes_late"},
		{"several things", func(c *programme.ClassRequest) { c.Venue, c.Seats, c.Sessions = "", -3, nil },
			"venue_missing, seats_too_few, sessions_missing"},
	} {
		t.Run(c.what, func(t *testing.T) {
			req, records := goodClass(), newMemory()
			c.change(&req)
			_, err := programme.AddClass(records, req, random(), morning)
			if got := codes(t, err); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if (err == nil) != (len(records.classes) == 1) {
				t.Errorf("%d classes are kept after %v", len(records.classes), err)
			}
		})
	}
}

// codes are the codes of an error, each with its session. An error without a
// sentence of its own fails.
func codes(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	all, several := errors.AsType[programme.Problems](err)
	if !several {
		one, ok := errors.AsType[programme.Problem](err)
		if !ok {
			t.Fatal(err)
		}
		all = programme.Problems{one}
	}
	if first, ok := errors.AsType[programme.Problem](err); !ok || first != all[0] {
		t.Errorf("the first problem of %v is not found", err)
	}
	var out []string
	for _, p := range all {
		words := p.Error()
		if len(words) < 15 || strings.HasSuffix(words, ": ") || !strings.Contains(err.Error(), words) {
			t.Errorf("%s has no sentence of its own: %q", p.Code, words)
		}
		if p.Session > 0 {
			out = append(out, fmt.Sprintf("%d %s", p.Session, p.Code))
			continue
		}
		out = append(out, string(p.Code))
	}
	return strings.Join(out, ", ")
}

func TestAddClassWritesItDownTidily(t *testing.T) {
	req := goodClass()
	req.Title.VI, req.Venue, req.Closes = "  Sản xuất \n sạch hơn", " Hội trường  B ", at(9, 17).Add(time.Millisecond)
	slices.Reverse(req.Sessions)
	c, err := programme.AddClass(newMemory(), req, random(), morning)
	if err != nil {
		t.Fatal(err)
	}
	if c.Title.VI != "Sản xuất sạch hơn" || c.Venue != "Hội trường B" {
		t.Errorf("title %q, venue %q", c.Title.VI, c.Venue)
	}
	if !c.Starts().Equal(at(10, 8)) || !c.Ends().Equal(at(10, 16)) || c.Starts().Location() != time.UTC {
		t.Errorf("from %v to %v", c.Starts(), c.Ends())
	}
	if !c.Closes.Equal(at(9, 17)) || c.Left() != 40 || c.Status(morning) != programme.StatusOpen {
		t.Errorf("closes %v, %d seats left, %s", c.Closes, c.Left(), c.Status(morning))
	}
}

func TestIdsCanBeReadOut(t *testing.T) {
	records, seen := newMemory(), map[string]bool{}
	stream := bytes.NewReader(func() (all []byte) {
		for i := range 4000 {
			all = append(all, byte(i*7919>>3))
		}
		return all
	}())
	for range 300 {
		c, err := programme.AddClass(records, goodClass(), stream, morning)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.ID) != 4 || strings.ContainsAny(c.ID, "01ilo-_") || c.ID[0] > '9' || c.ID != strings.ToLower(c.ID) || seen[c.ID] {
			t.Fatalf("the id %q", c.ID)
		}
		seen[c.ID] = true
	}
}

// TestEveryLetterComesUpAsOften feeds each byte once: bytes that would make some
// letters likelier are passed over.
func TestEveryLetterComesUpAsOften(t *testing.T) {
	counts := map[byte]int{}
	for b := range 256 {
		id := []byte{0, byte(b), byte(b), byte(b), 1, 1, 1}
		c, err := programme.AddClass(newMemory(), goodClass(), bytes.NewReader(id), morning)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID[1] == c.ID[2] && c.ID[2] == c.ID[3] {
			counts[c.ID[1]]++
		}
	}
	for letter, n := range counts {
		want := 8
		if letter == '3' { // the ones that follow a byte passed over
			want += 256 % 31
		}
		if n != want {
			t.Errorf("%c comes up %d times, want %d", letter, n, want)
		}
	}
	if len(counts) != 31 {
		t.Errorf("%d letters, want 31", len(counts))
	}
}

func TestATakenIdIsDrawnAgain(t *testing.T) {
	records := newMemory()
	first, err := programme.AddClass(records, goodClass(), strings.NewReader("\x00\x00\x00\x00"), morning)
	if err != nil {
		t.Fatal(err)
	}
	second, err := programme.AddClass(records, goodClass(), strings.NewReader("\x00\x00\x00\x00\x00\x00\x00\x01"), morning)
	if err != nil || second.ID == first.ID || len(records.classes) != 2 {
		t.Errorf("ids %q and %q, %d classes, %v", first.ID, second.ID, len(records.classes), err)
	}
	if _, err := programme.AddClass(records, goodClass(), strings.NewReader(strings.Repeat("\x00", 400)), morning); err == nil {
		t.Error("an id was found where all are taken")
	}
	if _, err := programme.AddClass(records, goodClass(), strings.NewReader("x"), morning); !errors.Is(err, io.EOF) {
		t.Errorf("a dry source of randomness: %v", err)
	}
}

func TestStatusFollowsTheClock(t *testing.T) {
	class := func(change func(*programme.Class)) programme.Class {
		c := programme.Class{State: programme.StateOpen, Seats: 2, Closes: at(9, 17),
			Sessions: []programme.Session{{Starts: at(10, 8), Ends: at(10, 11)}, {Starts: at(11, 8), Ends: at(11, 11)}}}
		change(&c)
		return c
	}
	asIs := func(*programme.Class) {}
	for _, c := range []struct {
		what   string
		change func(*programme.Class)
		now    time.Time
		want   programme.Status
	}{
		{"before it closes", asIs, at(9, 16), programme.StatusOpen},
		{"as it closes", asIs, at(9, 17), programme.StatusClosed},
		{"closes with the start", func(c *programme.Class) { c.Closes = time.Time{} }, at(10, 7), programme.StatusOpen},
		{"as it starts", asIs, at(10, 8), programme.StatusRunning},
		{"between two sessions", asIs, at(10, 20), programme.StatusRunning},
		{"as it ends", asIs, at(11, 11), programme.StatusFinished},
		{"full", func(c *programme.Class) { c.Taken, c.Offered = 1, 1 }, at(9, 16), programme.StatusFull},
		{"full and closed", func(c *programme.Class) { c.Taken = 2 }, at(9, 18), programme.StatusClosed},
		{"closed by hand", func(c *programme.Class) { c.State = programme.StateClosed }, at(9, 16), programme.StatusClosed},
		{"planned", func(c *programme.Class) { c.State = programme.StatePlanned }, at(9, 16), programme.StatusPlanned},
		{"planned, its time has come", func(c *programme.Class) { c.State = programme.StatePlanned }, at(10, 9), programme.StatusRunning},
		{"cancelled for good", func(c *programme.Class) { c.State = programme.StateCancelled }, at(12, 9), programme.StatusCancelled},
	} {
		class := class(c.change)
		if got := class.Status(c.now); got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
	}
}

func TestWhoIsTheSamePerson(t *testing.T) {
	type reg = programme.Registration
	const mobile, other, office = "+84912345678", "+84987654321", "+842743822822"
	for _, c := range []struct {
		what string
		a, b reg
		want bool
	}{
		{"same mobile for two colleagues", reg{Phone: mobile, Name: "Lê Văn An"}, reg{Phone: mobile, Name: "Trần Thị Bình"}, false},
		{"same mobile and name", reg{Phone: mobile, Name: "Lê Văn An"}, reg{Phone: mobile, Name: "LE VAN AN"}, true},
		{"other mobile, other contact", reg{Phone: mobile, Name: "An", Contact: "c1"}, reg{Phone: other, Name: "An", Contact: "c2"}, false},
		{"colleagues share the office line", reg{Phone: office, Name: "An"}, reg{Phone: office, Name: "Bình"}, false},
		{"same name on the office line", reg{Phone: office, Name: "Nguyễn Thị Hòa"}, reg{Phone: office, Name: "nguyen thi hoa"}, true},
		{"same contact and name, no phone", reg{Contact: "c1", Name: "Hòa"}, reg{Contact: "c1", Name: "Hoà"}, true},
		{"same contact and name, new phone", reg{Contact: "c1", Name: "Hòa", Phone: mobile}, reg{Contact: "c1", Name: "Hòa", Phone: other}, true},
		{"the name without marks, new phone", reg{Contact: "c1", Name: "Hưng", Phone: mobile}, reg{Contact: "c1", Name: "hung", Phone: other}, true},
		{"Hùng and Hưng, each with a phone", reg{Contact: "c1", Name: "Hùng", Phone: mobile}, reg{Contact: "c1", Name: "Hưng", Phone: other}, false},
		{"Hùng and Hưng, one phone missing", reg{Contact: "c1", Name: "Hùng", Phone: mobile}, reg{Contact: "c1", Name: "Hưng"}, true},
		{"same contact, other name", reg{Contact: "c1", Name: "An"}, reg{Contact: "c1", Name: "Bình"}, false},
		{"same name, no contact and no phone", reg{Name: "An"}, reg{Name: "An"}, false},
	} {
		if c.a.SamePerson(c.b) != c.want || c.b.SamePerson(c.a) != c.want {
			t.Errorf("%s: got %v and %v, want %v", c.what, c.a.SamePerson(c.b), c.b.SamePerson(c.a), c.want)
		}
	}
}

func TestEnterprisesAreTakenTogether(t *testing.T) {
	for _, c := range []struct{ name, taxcode, want string }{
		{"Công ty Gỗ Minh Phát", "3700145020", "3700145020"},
		{"Chi nhánh Dĩ An", "3700145020-001", "3700145020"},
		{"", "3700145020001", "3700145020"},
		{"Công ty TNHH GỖ  Minh-Phát", "", "cong ty tnhh go minh phat"},
		{"Xưởng Bảy", "074085001234", "xuong bay"}, // a personal number
		{"", "", ""},
	} {
		r := programme.Registration{Enterprise: c.name, TaxCode: c.taxcode}
		if got := r.EnterpriseKey(); got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.name, c.taxcode, got, c.want)
		}
	}
}

func TestRemindersAreThoseStillToCome(t *testing.T) {
	c := programme.Class{State: programme.StateOpen, Sessions: []programme.Session{{Starts: at(10, 8), Ends: at(10, 11)}}}
	for _, k := range []struct {
		now  time.Time
		want string
	}{
		{at(1, 8), "-3d 7/8h until 7/20h, -1d 9/8h until 9/14h, -2h 10/6h until 10/7h"},
		{at(7, 8), "-1d 9/8h until 9/14h, -2h 10/6h until 10/7h"},
		{at(10, 5), "-2h 10/6h until 10/7h"},
		{at(10, 6), ""},
	} {
		var got []string
		for _, r := range programme.Reminders(&c, k.now) {
			on := func(t time.Time) string {
				t = t.In(at(1, 1).Location())
				return fmt.Sprintf("%d/%dh", t.Day(), t.Hour())
			}
			got = append(got, fmt.Sprintf("%s %s until %s", r.Key, on(r.At), on(r.Until)))
			if !slices.Contains(programme.ReminderKeys(), r.Key) {
				t.Errorf("%s is not among the keys", r.Key)
			}
		}
		if got := strings.Join(got, ", "); got != k.want {
			t.Errorf("at %v: got %q, want %q", k.now, got, k.want)
		}
	}
	c.State = programme.StateCancelled
	if got := programme.Reminders(&c, at(1, 8)); got != nil {
		t.Errorf("a cancelled class reminds: %v", got)
	}
}

func TestALateAnswerBeforeTheTimer(t *testing.T) {
	p := newPlayer(t, "1 seat")
	for _, act := range []string{"An registers", "Bình registers", "Chi registers", "An cancels"} {
		p.play(act)
	}
	p.now = p.now.Add(hold) // the timer is late
	if got := p.play("Bình accepts"); got != "no_offer" {
		t.Errorf("with Chi in line: got %q", got)
	}
	p.play("Chi cancels")
	if got := p.play("Bình accepts"); got != "ok" {
		t.Errorf("with nobody in line: got %q", got)
	}
	p.audit()
}

func TestMovingAClass(t *testing.T) {
	records := newMemory()
	req := goodClass()
	req.Closes = at(9, 17)
	c, err := programme.AddClass(records, req, random(), morning)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := programme.Register(records, programme.RegisterRequest{Class: c.ID, Name: "An", Contact: "an"}, morning); err != nil {
		t.Fatal(err)
	}
	days := func(from, to int) programme.MoveRequest {
		return programme.MoveRequest{Class: strings.ToUpper(c.ID), Sessions: []programme.Session{{Starts: at(from, 8), Ends: at(to, 11)}}}
	}
	for _, m := range []struct {
		what     string
		move     programme.MoveRequest
		problem  string
		told     int
		sequence int
		closes   time.Time
	}{
		{"to an earlier day", days(9, 9), "", 1, 1, time.Time{}},
		{"to the same day", days(9, 9), "", 0, 1, time.Time{}},
		{"only the closing time", programme.MoveRequest{Class: c.ID, Closes: at(8, 17)}, "", 0, 1, at(8, 17)},
		{"to another venue", programme.MoveRequest{Class: c.ID, Venue: " Hội trường C"}, "", 1, 2, at(8, 17)},
		{"to last month", days(-20, -20), "sessions_past", 0, 2, at(8, 17)},
		{"the wrong way round", days(12, 11), "1 session_order", 0, 2, at(8, 17)},
		{"closing after the start", programme.MoveRequest{Class: c.ID, Closes: at(12, 17)}, "closes_late", 0, 2, at(8, 17)},
		{"a class that is not there", programme.MoveRequest{Class: "none"}, "class_unknown", 0, 2, at(8, 17)},
	} {
		old, _, _ := records.Class(c.ID)
		_, notices, err := programme.MoveClass(records, m.move, morning, hold)
		now, _, _ := records.Class(c.ID)
		if got := codes(t, err); got != m.problem || len(notices) != m.told || now.Sequence != m.sequence || !now.Closes.Equal(m.closes) {
			t.Errorf("%s: %q, %d told, sequence %d, closes %v", m.what, got, len(notices), now.Sequence, now.Closes)
		}
		for _, n := range notices {
			if n.Old == nil || !n.Old.Starts().Equal(old.Starts()) || n.Old.Venue != old.Venue || n.Class.Sequence != m.sequence {
				t.Errorf("%s: told %+v", m.what, n)
			}
		}
	}
}

func TestNamelessKeepsThePlaceAndNothingOfThePerson(t *testing.T) {
	records := newMemory()
	c, err := programme.AddClass(records, goodClass(), random(), morning)
	if err != nil {
		t.Fatal(err)
	}
	res, _, err := programme.Register(records, programme.RegisterRequest{Class: c.ID, Contact: "an", Name: "Nguyễn An", Phone: "+84912345678",
		Email: "an@example.vn", Position: "Tổ trưởng", Department: "Sơn", Enterprise: "Gỗ Minh Phát", Role: programme.RoleTechnical}, morning)
	if err != nil {
		t.Fatal(err)
	}
	r := res.Registration.Nameless(morning.Add(time.Hour))
	if text := fmt.Sprintf("%+v", r); strings.Contains(text, "An ") || strings.Contains(text, "+849") || strings.Contains(text, "@") || strings.Contains(text, "Tổ") || r.Contact != "" {
		t.Errorf("left of the person: %s", text)
	}
	if err := records.PutRegistration(r); err != nil {
		t.Fatal(err)
	}
	c, _, _ = records.Class(c.ID)
	if err := programme.Audit(c, records.all(c.ID)); err != nil || r.Enterprise != "Gỗ Minh Phát" || !r.Changed.Equal(morning.Add(time.Hour)) {
		t.Errorf("%+v: %v", r, err)
	}
	if again := r.Nameless(time.Time{}); again != r {
		t.Errorf("a second time: %+v", again)
	}
}

func TestAuditFindsWhatDoesNotAddUp(t *testing.T) {
	for _, c := range []struct {
		what  string
		spoil func(c *programme.Class, all []programme.Registration)
		want  string
	}{
		{"nothing", func(*programme.Class, []programme.Registration) {}, ""},
		{"a count", func(c *programme.Class, _ []programme.Registration) { c.Taken++ }, "taken is 3, counted 2"},
		{"the waiting", func(c *programme.Class, _ []programme.Registration) { c.Waiting = 0 }, "waiting is 0, counted 1"},
		{"a lapse", func(c *programme.Class, _ []programme.Registration) { c.Lapsed = 1 }, "lapsed is 1, counted 0"},
		{"a number", func(c *programme.Class, _ []programme.Registration) { c.Numbered = 2 }, "numbered is 2, counted 3"},
		{"an enterprise", func(c *programme.Class, _ []programme.Registration) { c.HeldBy = nil }, "seats by enterprise"},
		{"oversold", func(c *programme.Class, _ []programme.Registration) { c.Seats = 1 }, "2 seats taken and 0 offered of 1"},
		{"over the limit", func(c *programme.Class, all []programme.Registration) { c.PerEnterprise = 1 }, "an enterprise holds 2 seats of at most 1"},
		{"seated twice", func(_ *programme.Class, all []programme.Registration) {
			all[1].Phone, all[1].Name = all[0].Phone, all[0].Name
		}, "are one person"},
		{"a number twice", func(_ *programme.Class, all []programme.Registration) { all[1].Number, all[1].ID = 1, all[0].ID }, "not number 1"},
		{"another's id", func(_ *programme.Class, all []programme.Registration) { all[1].ID = "XXXX-002" }, "registration XXXX-002: not number 2"},
		{"a hold for nothing", func(_ *programme.Class, all []programme.Registration) { all[0].HoldUntil = morning }, "with a hold"},
		{"cancelled without reason", func(_ *programme.Class, all []programme.Registration) { all[2].Status = programme.Cancelled }, "with the reason"},
	} {
		t.Run(c.what, func(t *testing.T) {
			p := newPlayer(t, "2 seats, 2 per enterprise")
			for _, act := range []string{"An of Minh Phát registers", "Bình of Minh Phát registers", "Chi registers"} {
				p.play(act)
			}
			class, _, _ := p.records.Class(p.class)
			all := p.records.all(p.class)
			c.spoil(&class, all)
			err := programme.Audit(class, all)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "+849") || strings.Contains(err.Error(), "minh phat")) {
				t.Errorf("personal data in %v", err)
			}
		})
	}
}

func TestRegisterNeedsAName(t *testing.T) {
	_, _, err := programme.Register(newMemory(), programme.RegisterRequest{Class: "7f3k", Name: " \t"}, morning)
	if got := codes(t, err); got != "name_missing" {
		t.Errorf("got %q", got)
	}
	res, _, err := programme.Register(newMemory(), programme.RegisterRequest{Class: "7f3k", Name: "An"}, morning)
	if err != nil || res.Outcome != programme.OutcomeUnknown {
		t.Errorf("no such class: %v, %v", res.Outcome, err)
	}
	_, err = programme.CancelRegistration(newMemory(), "7F3K-001", morning, hold)
	if got := codes(t, err); got != "registration_unknown" {
		t.Errorf("no such registration: %q", got)
	}
	if notices, err := programme.ExpireOffer(newMemory(), "7F3K-001", morning, hold); err != nil || notices != nil {
		t.Errorf("a timer of a registration that is gone: %v, %v", notices, err)
	}
}

// TestARushReadsNoClassAsAWhole lets 500 people register for 40 seats and counts
// the rows that were read to find out who is there already.
func TestARushReadsNoClassAsAWhole(t *testing.T) {
	records := newMemory()
	req := goodClass()
	req.PerEnterprise = 2
	c, err := programme.AddClass(records, req, random(), morning)
	if err != nil {
		t.Fatal(err)
	}
	seats := 0
	for i := range 500 {
		res, _, err := programme.Register(records, programme.RegisterRequest{Class: c.ID, Contact: fmt.Sprint(i), Name: fmt.Sprint("Người ", i),
			Enterprise: fmt.Sprint("Xưởng ", i), Phone: fmt.Sprintf("+849%08d", i)}, morning)
		if err != nil {
			t.Fatal(err)
		}
		if res.Outcome == programme.OutcomeSeat {
			seats++
		} else if res.Position != i-39 {
			t.Fatalf("number %d is at position %d", i+1, res.Position)
		}
	}
	if seats != 40 || records.walked != 0 {
		t.Errorf("%d seats for 40, %d rows read", seats, records.walked)
	}
}
