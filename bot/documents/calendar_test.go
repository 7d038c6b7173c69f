package documents_test

import (
	"io/fs"
	"net/mail"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"sachhon/bot/documents"
)

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, fs.ErrClosed }

var stamp = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// session is a morning of a class, 8:00 to 11:30 in Vietnam.
func session(uid string) documents.CalendarEvent {
	return documents.CalendarEvent{
		UID:         uid,
		Summary:     "Sản xuất sạch hơn cho ngành gỗ, buổi 1",
		Location:    "Hội trường B, phường Thủ Dầu Một",
		Description: "Mang theo hóa đơn điện 12 tháng; máy tính bỏ túi.\nHỏi: 0274 3822 222 \\ huỷ: /huy",
		Organizer:   mail.Address{Name: "Trung tâm Khuyến công", Address: "phong@example.vn"},
		Starts:      time.Date(2026, 12, 10, 8, 0, 0, 0, vietnam),
		Ends:        time.Date(2026, 12, 10, 11, 30, 0, 0, vietnam),
	}
}

func TestAClassGoesIntoTheCalendar(t *testing.T) {
	first := session("7F3K-021-1@sachhon")
	moved := session("7F3K-021-2@sachhon")
	moved.Sequence, moved.Cancelled, moved.Organizer, moved.Location, moved.Description = 3, true, mail.Address{}, "", " \n "
	got, err := documents.Calendar("-//sachhon//VI", stamp, []documents.CalendarEvent{first, moved})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sachhon//VI
CALSCALE:GREGORIAN
METHOD:PUBLISH
BEGIN:VEVENT
UID:7F3K-021-1@sachhon
DTSTAMP:20261124T020000Z
DTSTART:20261210T010000Z
DTEND:20261210T043000Z
SEQUENCE:0
SUMMARY:Sản xuất sạch hơn cho ngành gỗ\, buổi 1
LOCATION:Hội trường B\, phường Thủ Dầu Một
DESCRIPTION:Mang theo hóa đơn điện 12 tháng\; máy tính bỏ túi.\nHỏi: 0274 3822 222 \\ huỷ: /huy
ORGANIZER;CN=Trung tâm Khuyến công:mailto:phong@example.vn
STATUS:CONFIRMED
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P1D
DESCRIPTION:Sản xuất sạch hơn cho ngành gỗ\, buổi 1
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT2H
DESCRIPTION:Sản xuất sạch hơn cho ngành gỗ\, buổi 1
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:7F3K-021-2@sachhon
DTSTAMP:20261124T020000Z
DTSTART:20261210T010000Z
DTEND:20261210T043000Z
SEQUENCE:3
SUMMARY:Sản xuất sạch hơn cho ngành gỗ\, buổi 1
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if unfolded := strings.ReplaceAll(string(got), "\r\n ", ""); unfolded != want {
		t.Errorf("got\n%s\nwant\n%s", unfolded, want)
	}
	checkLines(t, got)
}

// checkLines holds the file to RFC 5545, 3.1: lines end in CRLF, have at most
// 75 octets, and none breaks a letter.
func checkLines(t *testing.T, file []byte) {
	t.Helper()
	text, ok := strings.CutSuffix(string(file), "\r\n")
	if !ok {
		t.Error("the last line does not end in CRLF")
	}
	for l := range strings.SplitSeq(text, "\r\n") {
		if len(l) > 75 || strings.ContainsAny(l, "\r\n") || !utf8.ValidString(l) || strings.TrimSpace(l) == "" {
			t.Errorf("line %q of %d octets", l, len(l))
		}
	}
}

// readEvent parses the file with the library's reader and returns its event.
func readEvent(t *testing.T, file []byte) *ics.VEvent {
	t.Helper()
	cal, err := ics.ParseCalendar(strings.NewReader(string(file)))
	if err != nil {
		t.Fatalf("read back: %v\n%s", err, file)
	}
	if n := len(cal.Events()); n != 1 {
		t.Fatalf("%d events\n%s", n, file)
	}
	return cal.Events()[0]
}

func property(e *ics.VEvent, name ics.ComponentProperty) string {
	if p := e.GetProperty(name); p != nil {
		return p.Value
	}
	return ""
}

func TestAPhoneShowsTheRightHour(t *testing.T) {
	file, err := documents.Calendar("x", stamp, []documents.CalendarEvent{session("u")})
	if err != nil {
		t.Fatal(err)
	}
	e := readEvent(t, file)
	starts, err := e.GetStartAt()
	if got := starts.In(vietnam).Format("15:04 02/01/2006"); err != nil || got != "08:00 10/12/2026" {
		t.Errorf("starts %s, error %v", got, err)
	}
	if n := len(e.Alarms()); n != 2 {
		t.Errorf("%d reminders", n)
	}
}

func TestTheOrganizersNameCannotEndItsField(t *testing.T) {
	e := session("u")
	e.Organizer = mail.Address{Name: "Sở: \"A\";X=1,\\\r\nATTENDEE:x", Address: "a b\r\nX:y@example.vn"}
	file, err := documents.Calendar("x", stamp, []documents.CalendarEvent{e})
	if err != nil {
		t.Fatal(err)
	}
	want := "\r\nORGANIZER;CN=Sở A X=1 ATTENDEE x:mailto:a%20b%0D%0AX:y@example.vn\r\n"
	if unfolded := strings.ReplaceAll(string(file), "\r\n ", ""); !strings.Contains(unfolded, want) {
		t.Errorf("no %q in\n%s", want, unfolded)
	}
	e.Organizer.Name = ";"
	file, err = documents.Calendar("x", stamp, []documents.CalendarEvent{e})
	if err != nil || !strings.Contains(string(file), "\r\nORGANIZER:mailto:") {
		t.Errorf("an organizer without a name: error %v\n%s", err, file)
	}
}

func TestAnEventThatIsNoneIsRefused(t *testing.T) {
	for _, tt := range []struct {
		what   string
		change func(*documents.CalendarEvent)
		want   string
	}{
		{"no UID", func(e *documents.CalendarEvent) { e.UID = " \n" }, "write calendar: event 2 has no UID"},
		{"the UID of another", func(e *documents.CalendarEvent) { e.UID = " a" }, "write calendar: event 2 has the UID of an earlier one"},
		{"no summary", func(e *documents.CalendarEvent) { e.Summary = "" }, "write calendar: event 2 has no summary"},
		{"a sequence below zero", func(e *documents.CalendarEvent) { e.Sequence = -1 }, "write calendar: event 2 has the sequence -1"},
		{"no length", func(e *documents.CalendarEvent) { e.Ends = e.Starts }, "write calendar: event 2 ends before it has begun"},
		{"no times", func(e *documents.CalendarEvent) { e.Starts, e.Ends = time.Time{}, time.Time{} }, "write calendar: event 2 ends before it has begun"},
	} {
		e := session("b")
		tt.change(&e)
		if _, err := documents.Calendar("x", stamp, []documents.CalendarEvent{session("a"), e}); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.what, err, tt.want)
		}
	}
	if _, err := documents.Calendar("x", stamp, nil); err == nil || err.Error() != "write calendar: no events" {
		t.Errorf("nothing: %v", err)
	}
}
