// Package programmetest checks an implementation of programme.Records: what it
// keeps, in which order it walks, and that the rules run on it.
//
// A store's tests call [Records]; it is safe to run for several implementations
// at once.
package programmetest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"sachhon/bot/programme"
)

// Records checks an implementation. The function run calls what it is given
// with empty records, inside one transaction, and returns when that has ended.
func Records(t *testing.T, run func(t *testing.T, fn func(programme.Records))) {
	for _, c := range []struct {
		name  string
		check func(*testing.T, programme.Records)
	}{
		{"nothing is there at first", nothingAtFirst},
		{"everything put is read back", readBack},
		{"classes come by their start", classesByStart},
		{"registrations come in order", registrationsInOrder},
		{"one class, contact or phone is not another's beginning", keptApart},
		{"walks stop when told", walksStop},
		{"a nameless registration is found by nobody", namelessIsGone},
		{"the rules run", rulesRun},
	} {
		t.Run(c.name, func(t *testing.T) {
			run(t, func(records programme.Records) { c.check(t, records) })
		})
	}
}

var start = time.Date(2026, 12, 10, 1, 0, 0, 0, time.UTC)

// class is a class with every field set.
func class(id string, starts time.Time) programme.Class {
	c := programme.Class{
		ID: id, Sector: programme.SectorWood, Venue: "Hội trường B",
		Sessions: []programme.Session{{Starts: starts, Ends: starts.Add(3 * time.Hour)}, {Starts: starts.Add(24 * time.Hour), Ends: starts.Add(27 * time.Hour)}},
		Seats:    40, PerEnterprise: 2, Closes: starts.Add(-time.Hour), State: programme.StateOpen, Sequence: 3,
		Created: starts.Add(-500 * time.Hour), Changed: starts.Add(-400 * time.Hour),
		Taken: 5, Offered: 4, Waiting: 3, Lapsed: 2, Numbered: 17, HeldBy: map[string]int{"3700145020": 2, "go minh phat": 1},
	}
	c.Title.VI, c.Title.EN = "Sản xuất sạch hơn", "Cleaner production"
	c.Content.VI, c.Content.EN = "Buổi sáng\nBuổi chiều", "Morning"
	return c
}

// registration is a registration with every field set.
func registration(class string, number int, contact, phone string) programme.Registration {
	return programme.Registration{
		ID: fmt.Sprintf("%s-%03d", strings.ToUpper(class), number), Class: class, Number: number, Contact: contact, Colleague: true,
		Name: "Nguyễn Thị Hòa", Enterprise: "Công ty Gỗ Minh Phát", TaxCode: "3700145020", Phone: phone, Email: "hoa@example.vn",
		Position: "Tổ trưởng", Department: "Sơn", Role: programme.RoleTechnical, Sector: programme.SectorWood, Ward: "25747",
		Status: programme.Offered, HoldUntil: start.Add(-time.Hour), Lapsed: start.Add(-20 * time.Hour), Reason: programme.ReasonAsked,
		Created: start.Add(time.Duration(number) * time.Minute), Changed: start.Add(-30 * time.Hour),
	}
}

func put(t *testing.T, records programme.Records, all ...programme.Registration) {
	t.Helper()
	for _, r := range all {
		if err := records.PutRegistration(r); err != nil {
			t.Fatalf("put registration %s: %v", r.ID, err)
		}
	}
}

func putClass(t *testing.T, records programme.Records, all ...programme.Class) {
	t.Helper()
	for _, c := range all {
		if err := records.PutClass(c); err != nil {
			t.Fatalf("put class %s: %v", c.ID, err)
		}
	}
}

// ids walks registrations and returns their ids in one line.
func ids(t *testing.T, walk func(fn func(programme.Registration) bool) error) string {
	t.Helper()
	var out []string
	err := walk(func(r programme.Registration) bool {
		out = append(out, r.ID)
		return true
	})
	if err != nil {
		t.Fatalf("walk registrations: %v", err)
	}
	return strings.Join(out, " ")
}

func ofClass(r programme.Records, id string) func(func(programme.Registration) bool) error {
	return func(fn func(programme.Registration) bool) error { return r.ClassRegistrations(id, fn) }
}

func ofContact(r programme.Records, id string) func(func(programme.Registration) bool) error {
	return func(fn func(programme.Registration) bool) error { return r.ContactRegistrations(id, fn) }
}

func ofPhone(r programme.Records, class, phone string) func(func(programme.Registration) bool) error {
	return func(fn func(programme.Registration) bool) error { return r.PhoneRegistrations(class, phone, fn) }
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func nothingAtFirst(t *testing.T, records programme.Records) {
	if _, ok, err := records.Class("7f3k"); ok || err != nil {
		t.Errorf("a class is there: %v, %v", ok, err)
	}
	if _, ok, err := records.Registration("7F3K-001"); ok || err != nil {
		t.Errorf("a registration is there: %v, %v", ok, err)
	}
	if err := records.Classes(func(programme.Class) bool { t.Error("a class is walked"); return true }); err != nil {
		t.Error(err)
	}
	want(t, "of class", ids(t, ofClass(records, "7f3k")), "")
	want(t, "of contact", ids(t, ofContact(records, "an")), "")
	want(t, "of phone", ids(t, ofPhone(records, "7f3k", "+84900000001")), "")
}

func readBack(t *testing.T, records programme.Records) {
	for _, c := range []programme.Class{class("7f3k", start), {ID: "2222", Sessions: []programme.Session{{Starts: start, Ends: start.Add(time.Hour)}}}} {
		putClass(t, records, c)
		if got, ok, err := records.Class(c.ID); err != nil || !ok || !reflect.DeepEqual(got, c) {
			t.Errorf("class: %v, %v\ngot  %+v\nwant %+v", ok, err, got, c)
		}
	}
	for _, r := range []programme.Registration{registration("7f3k", 1, "an", "+84900000001"),
		{ID: "7F3K-1000", Class: "7f3k", Number: 1000, Name: "Bình", Status: programme.Seat, Created: start, Changed: start}} {
		put(t, records, r)
		if got, ok, err := records.Registration(r.ID); err != nil || !ok || !reflect.DeepEqual(got, r) {
			t.Errorf("registration: %v, %v\ngot  %+v\nwant %+v", ok, err, got, r)
		}
	}
}

func classesByStart(t *testing.T, records programme.Records) {
	putClass(t, records, class("cccc", start.Add(time.Hour)), class("bbbb", start), class("aaaa", start.Add(48*time.Hour)), class("2222", start))
	order := func() string {
		var out []string
		err := records.Classes(func(c programme.Class) bool {
			out = append(out, c.ID)
			return true
		})
		if err != nil {
			t.Fatalf("walk classes: %v", err)
		}
		return strings.Join(out, " ")
	}
	want(t, "at first", order(), "2222 bbbb cccc aaaa")
	putClass(t, records, class("aaaa", start.Add(-time.Hour)))
	want(t, "after one moved", order(), "aaaa 2222 bbbb cccc")
}

func registrationsInOrder(t *testing.T, records programme.Records) {
	phone := "+84900000001"
	old := registration("2222", 300, "an", phone)
	old.Created = start.Add(-time.Hour)
	put(t, records, registration("7f3k", 1000, "an", phone), registration("7f3k", 2, "an", phone), old,
		registration("7f3k", 10, "an", ""), registration("7f3k", 999, "", phone))
	want(t, "of class", ids(t, ofClass(records, "7f3k")), "7F3K-002 7F3K-010 7F3K-999 7F3K-1000")
	want(t, "of contact", ids(t, ofContact(records, "an")), "2222-300 7F3K-002 7F3K-010 7F3K-1000")
	want(t, "of phone", ids(t, ofPhone(records, "7f3k", phone)), "7F3K-002 7F3K-999 7F3K-1000")
	put(t, records, registration("7f3k", 10, "an", "")) // once more: still there once
	want(t, "of class again", ids(t, ofClass(records, "7f3k")), "7F3K-002 7F3K-010 7F3K-999 7F3K-1000")
}

func keptApart(t *testing.T, records programme.Records) {
	put(t, records, registration("7f3k", 1, "an", "+849"), registration("7f3m", 1, "anh", "+8490"), registration("7f3", 1, "a", "+84"))
	want(t, "of class", ids(t, ofClass(records, "7f3")), "7F3-001")
	want(t, "of contact", ids(t, ofContact(records, "an")), "7F3K-001")
	want(t, "of phone", ids(t, ofPhone(records, "7f3k", "+84")), "")
	want(t, "of another class's phone", ids(t, ofPhone(records, "7f3m", "+849")), "")
	want(t, "of nobody", ids(t, ofContact(records, "")), "")
}

func walksStop(t *testing.T, records programme.Records) {
	putClass(t, records, class("7f3k", start), class("2222", start))
	put(t, records, registration("7f3k", 1, "an", "+849"), registration("7f3k", 2, "an", "+849"))
	n := 0
	stop := func(programme.Registration) bool { n++; return false }
	for _, err := range []error{
		records.Classes(func(programme.Class) bool { n++; return false }),
		records.ClassRegistrations("7f3k", stop),
		records.ContactRegistrations("an", stop),
		records.PhoneRegistrations("7f3k", "+849", stop),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	if n != 4 {
		t.Errorf("four walks told to stop at once called %d times", n)
	}
}

func namelessIsGone(t *testing.T, records programme.Records) {
	r := registration("7f3k", 1, "an", "+84900000001")
	put(t, records, r)
	put(t, records, r.Nameless(start))
	want(t, "of class", ids(t, ofClass(records, "7f3k")), "7F3K-001")
	want(t, "of contact", ids(t, ofContact(records, "an")), "")
	want(t, "of phone", ids(t, ofPhone(records, "7f3k", "+84900000001")), "")
}

// rulesRun lets 60 people register for 40 seats, and some leave.
func rulesRun(t *testing.T, records programme.Records) {
	now, hold := start.Add(-240*time.Hour), 12*time.Hour
	req := programme.ClassRequest{Venue: "B", Seats: 40, PerEnterprise: 2, Sessions: []programme.Session{{Starts: start, Ends: start.Add(time.Hour)}}}
	req.Title.VI = "Lớp"
	c, err := programme.AddClass(records, req, strings.NewReader("abcdefgh"), now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		_, _, err := programme.Register(records, programme.RegisterRequest{Class: c.ID, Contact: fmt.Sprint("contact", i),
			Name: fmt.Sprint("Người ", i), Enterprise: fmt.Sprint("Xưởng ", i/2), Phone: fmt.Sprintf("+84900000%03d", i)}, now)
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []int{1, 7, 40, 41, 60} {
		if _, err := programme.CancelRegistration(records, fmt.Sprintf("%s-%03d", c.ID, n), now, hold); err != nil {
			t.Fatal(err)
		}
	}
	var all []programme.Registration
	err = records.ClassRegistrations(c.ID, func(r programme.Registration) bool {
		all = append(all, r)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	if c, _, err = records.Class(c.ID); err != nil {
		t.Fatal(err)
	}
	if err := programme.Audit(c, all); err != nil {
		t.Error(err)
	}
	if c.Taken != 37 || c.Offered != 3 || c.Waiting != 15 || len(all) != 60 {
		t.Errorf("%d taken, %d offered, %d waiting of %d registrations; want 37, 3, 15 of 60", c.Taken, c.Offered, c.Waiting, len(all))
	}
}
