package scheduler_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"sachhon/content"
	"sachhon/scheduler"
)

// saigon is where the centre is.
func saigon(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// holidays is the table of the embedded content.
func holidays(t testing.TB) scheduler.Holidays {
	t.Helper()
	set, problems := content.Load(content.Embedded())
	if set == nil {
		t.Fatal(problems)
	}
	return set.Holidays()
}

func days(t testing.TB) *scheduler.Days { return scheduler.NewDays(holidays(t), saigon(t)) }

// on returns a moment of a day written as in the table.
func on(t testing.TB, date, clock string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2/1/2006 15:04", date+" "+clock, saigon(t))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDaysOfTheTable(t *testing.T) {
	d := days(t)
	for _, tt := range []struct {
		date string
		kind scheduler.DayKind
		name string
	}{
		{"1/1/2026", scheduler.Holiday, "Tết Dương lịch"},
		{"2/1/2026", scheduler.WorkingDay, ""},
		{"10/2/2026", scheduler.QuietDay, ""}, // 23 tháng Chạp
		{"9/2/2026", scheduler.WorkingDay, ""},
		{"14/2/2026", scheduler.Weekend, ""},
		{"16/2/2026", scheduler.Holiday, "Tết Nguyên đán"},
		{"17/2/2026", scheduler.Holiday, "Tết Nguyên đán"},
		{"20/2/2026", scheduler.Holiday, "Tết Nguyên đán"},
		{"22/2/2026", scheduler.Weekend, ""}, // mùng 6
		{"23/2/2026", scheduler.WorkingDay, ""},
		{"26/4/2026", scheduler.Holiday, "Giỗ Tổ Hùng Vương"}, // a Sunday
		{"27/4/2026", scheduler.Compensation, "Giỗ Tổ Hùng Vương"},
		{"30/4/2026", scheduler.Holiday, "Ngày Chiến thắng"},
		{"1/9/2026", scheduler.Holiday, "Quốc khánh"},
		{"3/9/2026", scheduler.WorkingDay, ""},
		{"24/11/2026", scheduler.WorkingDay, ""},
		// Mùng 1 of 2027 is a Saturday, mùng 2 a Sunday.
		{"5/2/2027", scheduler.Holiday, "Tết Nguyên đán"},
		{"9/2/2027", scheduler.Holiday, "Tết Nguyên đán"},
		{"10/2/2027", scheduler.Compensation, "Tết Nguyên đán"},
		{"11/2/2027", scheduler.Compensation, "Tết Nguyên đán"}, // mùng 6
		{"12/2/2027", scheduler.WorkingDay, ""},
		// 1 May 2027 is a Saturday, 2 and 3 September a Thursday and a Friday.
		{"3/5/2027", scheduler.Compensation, "Quốc tế Lao động"},
		{"3/9/2027", scheduler.Holiday, "Quốc khánh"},
		{"1/9/2027", scheduler.WorkingDay, ""},
		// 1 January 2028 is a Saturday.
		{"3/1/2028", scheduler.Compensation, "Tết Dương lịch"},
		{"31/1/2028", scheduler.Compensation, "Tết Nguyên đán"}, // mùng 6, for Saturday mùng 4
		{"1/2/2028", scheduler.WorkingDay, ""},
		// The Chinese calendar has Tết 2030 on the 3rd.
		{"1/2/2030", scheduler.Holiday, "Tết Nguyên đán"},
		{"2/2/2030", scheduler.Holiday, "Tết Nguyên đán"},
		{"8/2/2030", scheduler.WorkingDay, ""},
		// Beyond the table the calendar is computed: Tết 2040 is 12 February.
		{"12/2/2040", scheduler.Holiday, "Tết Nguyên đán"},
		{"13/2/2040", scheduler.Holiday, "Tết Nguyên đán"},
		{"30/4/2041", scheduler.Holiday, "Ngày Chiến thắng"},
		{"30/4/2099", scheduler.WorkingDay, ""}, // beyond everything: the weekday
		{"29/2/2032", scheduler.Weekend, ""},
	} {
		at := on(t, tt.date, "12:00")
		if kind, name := d.Kind(at), d.Name(at).VI; kind != tt.kind || name != tt.name {
			t.Errorf("%s is of kind %d, “%s”, want %d, “%s”", tt.date, kind, name, tt.kind, tt.name)
		}
	}
}

// TestDayBeginsAtMidnightThere, not at that of UTC.
func TestDayBeginsAtMidnightThere(t *testing.T) {
	d := days(t)
	for clock, want := range map[string]bool{"00:00": true, "06:59": true, "07:00": true, "23:59": true} {
		if got := d.Quiet(on(t, "2/9/2026", clock).UTC()); got != want {
			t.Errorf("2/9 at %s is quiet: %v", clock, got)
		}
	}
	if d.Quiet(on(t, "3/9/2026", "00:00").UTC()) {
		t.Error("3/9 begins quiet")
	}
}

func TestCultureDayCanBeSwitchedOn(t *testing.T) {
	h := holidays(t)
	for i := range h.Fixed {
		h.Fixed[i].Planned = false
	}
	d := scheduler.NewDays(h, saigon(t))
	if at := on(t, "24/11/2026", "9:00"); d.Working(at) || d.Name(at).VI != "Ngày Văn hóa Việt Nam" {
		t.Error("24/11 is still worked")
	}
	if d.Kind(on(t, "26/11/2029", "9:00")) != scheduler.Compensation || !d.Working(on(t, "27/11/2029", "9:00")) {
		t.Error("24/11/2029 is a Saturday: the Monday after it is off, and no other day")
	}
}

func TestWhatAYearDecided(t *testing.T) {
	h := holidays(t)
	date := func(s string) scheduler.Date {
		d, err := scheduler.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	y := scheduler.ComputedYear(2026)
	y.BeforeTet, y.PairAfter = 2, true
	y.Off, y.Work = []scheduler.Date{date("2/1/2026")}, []scheduler.Date{date("10/1/2026")}
	h.Years = []scheduler.HolidayYear{y}
	d := scheduler.NewDays(h, saigon(t))
	for date, want := range map[string]scheduler.DayKind{"2/1/2026": scheduler.Holiday, "10/1/2026": scheduler.WorkingDay, "11/1/2026": scheduler.Weekend,
		"15/2/2026": scheduler.Holiday, "20/2/2026": scheduler.Compensation, "3/9/2026": scheduler.Holiday, "1/9/2026": scheduler.WorkingDay} {
		if got := d.Kind(on(t, date, "9:00")); got != want {
			t.Errorf("%s is of kind %d, want %d", date, got, want)
		}
	}
}

// TestQuietUntilTheSixth: where work begins again before mùng 6, promotion
// still waits.
func TestQuietUntilTheSixth(t *testing.T) {
	h := holidays(t)
	y := scheduler.ComputedYear(2028)
	y.BeforeTet = 2 // off from 24 to 28 January, mùng 3
	h.Years = []scheduler.HolidayYear{y}
	d := scheduler.NewDays(h, saigon(t))
	for date, want := range map[string]scheduler.DayKind{"18/1/2028": scheduler.WorkingDay, "19/1/2028": scheduler.QuietDay, "21/1/2028": scheduler.QuietDay,
		"28/1/2028": scheduler.Holiday, "31/1/2028": scheduler.QuietDay, "1/2/2028": scheduler.WorkingDay} {
		at := on(t, date, "9:00")
		if got := d.Kind(at); got != want || d.Working(at) != (want <= scheduler.QuietDay) {
			t.Errorf("%s is of kind %d, want %d", date, got, want)
		}
	}
}

// TestNobodyLosesAHoliday counts: what falls on a weekend is given back, so
// every year has eleven days off between Monday and Friday, and a working day
// in any ten days.
func TestNobodyLosesAHoliday(t *testing.T) {
	d := days(t)
	for year := 2026; year <= 2050; year++ {
		off, run := 0, 0
		for day := on(t, "1/1/2026", "12:00").AddDate(year-2026, 0, 0); day.Year() == year; day = day.AddDate(0, 0, 1) {
			if k := d.Kind(day); k == scheduler.Compensation || k == scheduler.Holiday && day.Weekday()%6 != 0 {
				off++
			}
			if run++; d.Working(day) {
				run = 0
			}
			if run > 10 {
				t.Errorf("no work for %d days until %s", run, day.Format(time.DateOnly))
			}
		}
		if off != 11 {
			t.Errorf("%d has %d days off between Monday and Friday, want 11", year, off)
		}
	}
}

func TestDatesSurviveWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := scheduler.Date(rapid.Int32Range(-30000, 40000).Draw(t, "date"))
		again, err := scheduler.ParseDate(d.String())
		if err != nil || again != d {
			t.Fatalf("%d became %s and %d: %v", d, d, again, err)
		}
		year, month, day := d.Civil()
		if w := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday(); w != d.Weekday() {
			t.Fatalf("%s is a %s, not a %s", d, w, d.Weekday())
		}
	})
}
