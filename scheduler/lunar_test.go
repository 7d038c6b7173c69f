package scheduler

import "testing"

// TestLunarDates holds the computation against dates that were celebrated, and
// those given out for the coming years. 1985, 2007 and 2030 are years in which
// the Chinese calendar has another day.
func TestLunarDates(t *testing.T) {
	for _, tt := range []struct {
		year           int
		tet, hungKings string
	}{
		{1968, "29/1/1968", ""}, // 30/1 by the Chinese calendar, then kept in the South
		{1985, "21/1/1985", ""},
		{2000, "5/2/2000", ""},
		{2007, "17/2/2007", "26/4/2007"},
		{2012, "23/1/2012", "31/3/2012"},
		{2020, "25/1/2020", "2/4/2020"},
		{2021, "12/2/2021", "21/4/2021"},
		{2022, "1/2/2022", "10/4/2022"},
		{2023, "22/1/2023", "29/4/2023"}, // a leap second month between them
		{2024, "10/2/2024", "18/4/2024"},
		{2025, "29/1/2025", "7/4/2025"},
		{2026, "17/2/2026", "26/4/2026"},
		{2027, "6/2/2027", "16/4/2027"},
		{2028, "26/1/2028", "4/4/2028"},
		{2029, "13/2/2029", "23/4/2029"},
		{2030, "2/2/2030", "12/4/2030"},
		{2031, "23/1/2031", "1/4/2031"},
	} {
		if got := lunarDate(tt.year, 1, 1).String(); got != tt.tet {
			t.Errorf("Tết %d is on %s, want %s", tt.year, got, tt.tet)
		}
		if got := lunarDate(tt.year, 3, 10).String(); tt.hungKings != "" && got != tt.hungKings {
			t.Errorf("Giỗ Tổ %d is on %s, want %s", tt.year, got, tt.hungKings)
		}
	}
}

// TestKitchenGodsDay: tháng Chạp has 29 or 30 days.
func TestKitchenGodsDay(t *testing.T) {
	for year, want := range map[int]string{2023: "14/1/2023", 2024: "2/2/2024", 2025: "22/1/2025", 2026: "10/2/2026"} {
		if got := kitchenGods(lunarDate(year, 1, 1)).String(); got != want {
			t.Errorf("23 tháng Chạp before Tết %d is on %s, want %s", year, got, want)
		}
	}
}

// TestLunarMonthsFollowEachOther: every month is 29 or 30 days long but for the
// leap one, which lunarDate steps over.
func TestLunarMonthsFollowEachOther(t *testing.T) {
	leaps := 0
	for year := 1950; year <= 2060; year++ {
		for month := 1; month <= 12; month++ {
			next := lunarDate(year+month/12, month%12+1, 1)
			switch days := next - lunarDate(year, month, 1); {
			case days == 29 || days == 30:
			case days >= 58 && days <= 60:
				leaps++
			default:
				t.Errorf("month %d of %d has %d days", month, year, days)
			}
		}
	}
	if leaps != 40 && leaps != 41 { // seven in nineteen years
		t.Errorf("%d leap months in 111 years", leaps)
	}
}
