package webchat

import (
	"time"

	"sachhon/dialogs"
)

var viWeekdays = [...]string{"Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}

// fullDay names a day: "Thứ Năm, 10/12/2026", "Thu 10 Dec 2026".
func fullDay(t time.Time, lang dialogs.Lang) string {
	if lang == dialogs.English {
		return t.Format("Mon 2 Jan 2006")
	}
	return viWeekdays[t.Weekday()] + ", " + t.Format("02/01/2006")
}

// nearDay names a day as seen from now: today and yesterday by those words.
func nearDay(t, now time.Time, lang dialogs.Lang) string {
	w := wordsIn(lang)
	switch isoDay(t) {
	case isoDay(now):
		return w.Today
	case isoDay(now.AddDate(0, 0, -1)):
		return w.Yesterday
	}
	return fullDay(t, lang)
}

// clock writes the time of day: "8:05", "8:05 am".
func clock(t time.Time, lang dialogs.Lang) string {
	if lang == dialogs.English {
		return t.Format("3:04 pm")
	}
	return t.Format("15:04")
}

func isoDay(t time.Time) string { return t.Format(time.DateOnly) }
