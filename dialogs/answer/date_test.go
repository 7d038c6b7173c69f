package answer

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// tuesday is the day on which the dates of the tests are said.
var tuesday = Day{2026, time.November, 24}

func days(t *testing.T, isos string) []Day {
	t.Helper()
	var list []Day
	for _, iso := range strings.Fields(isos) {
		d, err := ParseDay(iso)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, d)
	}
	return list
}

func TestDate(t *testing.T) {
	lines := []struct {
		typed   string // spellings of the same, between bars
		problem Problem
		want    string
	}{
		{"5/2|5-2|5.2|05/02|5 / 2|ngày 5/2|ngày 5-2|5 tháng 2|ngày 5 tháng 2|ngay 5 thang 2|mùng năm tháng hai dương|dạ ngày 5/2 ạ|vào ngày 5/2|5 Feb|Feb 5|February 5th|5th of February|8h ngày 5/2|5/2 lúc 8 giờ|5/2, 8:00", "", "2027-02-05"},
		{"5/2/2027|5-2-2027|5.2.2027|05/02/27|5 2 2027|2027-02-05|2027/2/5|ngày 5 tháng 2 năm 2027|5 tháng hai năm 2027|5 tháng 2/2027|thứ Sáu, 5/2/2027, 8:00–16:30|thứ 6 ngày 5/2/2027|5 February 2027|February 5, 2027|5-Feb-2027|Fri 5 Feb 2027, 8:00 am", "", "2027-02-05"},
		{"15 tháng 3|mười lăm tháng ba|ngày 15 tháng ba|15 March|15/3", "", "2027-03-15"},
		{"4 tháng tư|bốn tháng tư|4 thang tu|4/4", "", "2027-04-04"},
		{"6 tháng sáu|6 thang 6", ProblemDateYear, "2027-06-06 2026-06-06"},
		{"6 thang sau nam 2027|6 tháng sáu năm 2027", "", "2027-06-06"},
		{"6 tháng sau", "", "2026-12-06"},
		{"6 thang sau", ProblemDateAmbiguous, "2026-12-06 2027-06-06 2026-06-06"},
		{"24/11|hôm nay|hom nay|bữa nay|today", "", "2026-11-24"},
		{"mai|ngày mai|sáng mai|chiều mai|mai nhé|dạ mai ạ|tomorrow|25/11", "", "2026-11-25"},
		{"mốt|ngày mốt|mot|ngày kia|ngay kia|day after tomorrow|2 ngày nữa|hai ngày nữa|in 2 days", "", "2026-11-26"},
		{"ngày kìa|3 ngày nữa|ba ngày nữa|in three days", "", "2026-11-27"},
		{"hôm qua|hom qua|yesterday|1 ngày trước", "", "2026-11-23"},
		{"hôm kia", "", "2026-11-22"},
		{"tuần sau nữa", ProblemDateForm, ""},
		{"1 tuần nữa|một tuần nữa|in a week|sau 1 tuần", "", "2026-12-01"},
		{"thứ Ba tới|thứ ba tới|thu 3 toi|t3 tới|thứ ba tuần sau|thứ 3 tuần tới|t3 tuần sau|Tuesday next week", "", "2026-12-01"},
		{"thứ Năm|thứ 5|thu nam|t5|thứ năm tới|thứ năm này|thứ 5 tuần này|Thursday|this Thursday|thu", "", "2026-11-26"},
		{"chủ nhật|Chủ Nhật|cn|chu nhat|chủ nhật này|chủ nhật tuần này|Sunday", "", "2026-11-29"},
		{"thứ hai|thứ 2|t2|thứ Hai tới|thứ hai tuần sau|Monday|next Monday", "", "2026-11-30"},
		{"thứ hai tuần này", "", "2026-11-23"},
		{"thứ sáu tuần trước|last Friday", "", "2026-11-20"},
		{"thứ Ba|thứ 3|Tuesday", ProblemDateAmbiguous, "2026-11-24 2026-12-01"},
		{"next Thursday|thứ năm sau", ProblemDateAmbiguous, "2026-11-26 2026-12-03"},
		{"ngày 28|28|the 28th", ProblemDateAmbiguous, "2026-11-28"},
		{"ngày 20|20|the 20th", ProblemDateAmbiguous, "2026-12-20"},
		{"ngày 28 tháng này|28 this month", "", "2026-11-28"},
		{"ngày 5 tháng sau|mùng 5 tháng tới dương", "", "2026-12-05"},
		{"cuối tuần|cuối tuần này|weekend|this weekend", ProblemDateAmbiguous, "2026-11-28 2026-11-29"},
		{"cuối tháng|cuối tháng này|end of month", ProblemDateAmbiguous, "2026-11-30"},
		{"đầu tháng sau", ProblemDateAmbiguous, "2026-12-01"},
		{"giữa tháng sau", ProblemDateAmbiguous, "2026-12-15"},
		{"tuần sau|next week", ProblemDateAmbiguous, "2026-12-01 2026-11-30"},
		{"1 tháng nữa", ProblemDateAmbiguous, "2026-12-24"},
		{"20/8|20 tháng 8", ProblemDateYear, "2027-08-20 2026-08-20"},
		{"23/11", ProblemDateYear, "2027-11-23 2026-11-23"},
		{"29/2", ProblemDateYear, "2028-02-29 2024-02-29"},
		{"thứ Hai, 5/2/2027", ProblemDateWeekday, "2027-02-05"},
		{"05022027", ProblemDateForm, "2027-02-05"},
		{"mùng 5 tháng 2|mồng 5/2", ProblemDateLunar, "2027-02-05"},
		{"rằm tháng giêng|mùng 3 tết|15/8 âm lịch", ProblemDateLunar, ""},
		{"31/2|30/2/2027|29/2/2027|2/15/2027|15/13|0/5|32/1|5/0|31 tháng 4", ProblemDateMissing, ""},
		{"5/2/0027|5/2/1850|5/2/2500|5/2027|tháng 3|thứ 8|gỗ|mái|mùng|một ngày nào đó|Nguyễn Văn An|3.5.7.9|12345", ProblemDateForm, ""},
		{"", ProblemEmpty, ""},
	}
	read := func(s string) Result[Day] { return Date(s, tuesday) }
	var table []reading[Day]
	for _, l := range lines {
		for _, typed := range strings.Split(l.typed, "|") {
			table = append(table, reading[Day]{typed, l.problem, days(t, l.want)})
		}
	}
	checkReadings(t, read, table)
}

func TestDay(t *testing.T) {
	if tuesday.Weekday() != time.Tuesday {
		t.Fatalf("%s is a %s", tuesday, tuesday.Weekday())
	}
	if got := tuesday.String(); got != "2026-11-24" {
		t.Error(got)
	}
	if got := tuesday.AddDays(7).String(); got != "2026-12-01" {
		t.Error(got)
	}
	if got := tuesday.DaysUntil(tuesday.AddDays(-3)); got != -3 {
		t.Error(got)
	}
	if (Day{2027, 2, 29}).Valid() || !(Day{2028, 2, 29}).Valid() || (Day{}).Valid() || !(Day{}).IsZero() {
		t.Error("validity of days")
	}
	for _, bad := range []string{"", "2027-02-29", "5/2/2027", "2027-2-5"} {
		if d, err := ParseDay(bad); err == nil {
			t.Errorf("%q is the day %s", bad, d)
		}
	}
}

func anyDay(t *rapid.T, name string) Day {
	return Day{2000, time.January, 1}.AddDays(rapid.IntRange(0, 50000).Draw(t, name))
}

func TestDaysReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, today := anyDay(t, "day"), anyDay(t, "today")
		if got, err := ParseDay(d.String()); err != nil || got != d {
			t.Fatalf("%s is parsed as %s %v", d, got, err)
		}
		y, m, n := strconv.Itoa(d.Year), strconv.Itoa(int(d.Month)), strconv.Itoa(d.Day)
		for _, text := range []string{d.String(), n + "/" + m + "/" + y, "ngày " + n + " tháng " + m + " năm " + y, n + " " + d.Month.String() + " " + y, d.Month.String() + " " + n + ", " + y} {
			if got, ok := Date(text, today).Sure(); !ok || got != d {
				t.Fatalf("%q is read as %s %v", text, got, ok)
			}
		}
		if sign := d.Compare(today); sign != -today.Compare(d) || (sign > 0) != (today.DaysUntil(d) > 0) {
			t.Fatalf("%s and %s compare as %d", d, today, sign)
		}
		r := Date(n+"/"+m, today)
		if len(r.Candidates) == 0 || r.Candidates[0].Compare(today) < 0 || r.Candidates[0].Day != d.Day || r.Candidates[0].Month != d.Month {
			t.Fatalf("%s/%s on %s is read as %v", n, m, today, r)
		}
	})
}

func TestWeekdaysAhead(t *testing.T) {
	names := []string{"chủ nhật", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy"}
	rapid.Check(t, func(t *rapid.T) {
		today, w := anyDay(t, "today"), rapid.IntRange(0, 6).Draw(t, "weekday")
		got, ok := Date(names[w]+" tới", today).Sure()
		if ahead := today.DaysUntil(got); !ok || got.Weekday() != time.Weekday(w) || ahead < 1 || ahead > 7 {
			t.Fatalf("%s tới, on %s, is %s", names[w], today, got)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"5/2", "ngày mai", "thứ ba tới", "15 tháng 3 năm 2027", "cuối tháng", "thứ hai, 5/2", "31/2", "mùng 5 tháng 2", "next week", "8h mai", "\xff5/2", "tháng", "999 tháng nữa"} {
		f.Add(s, 0)
		f.Add(s, -50) // a Monday
	}
	f.Fuzz(func(t *testing.T, s string, off int) {
		r := Date(s, tuesday.AddDays(off%50000))
		checkResult(t, r)
		for i, d := range r.Candidates {
			if !d.Valid() || d.Year < firstYear || d.Year > lastYear || slices.Contains(r.Candidates[:i], d) {
				t.Errorf("%q is read as %v", s, r)
			}
			if got, ok := Date(d.String(), tuesday).Sure(); !ok || got != d {
				t.Errorf("%s is read back as %s", d, got)
			}
		}
	})
}
