package programme_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"sachhon/bot/programme"
)

// TestAttendanceOfTwoSessions takes lists of a class that meets twice: whoever
// came once attended, and a list takes the place of the one before it.
func TestAttendanceOfTwoSessions(t *testing.T) {
	records := newMemory()
	c, err := programme.AddClass(records, goodClass(), random(), at(1, 8)) // 8–11 and 13–16 on the 10th
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"An", "Bình", "Chi"} {
		if _, _, err := programme.Register(records, programme.RegisterRequest{Class: c.ID, Contact: name, Name: name, Phone: fmt.Sprintf("+8490000000%d", i)}, at(2, 8)); err != nil {
			t.Fatal(err)
		}
	}
	code := func(n int) string { return fmt.Sprintf("%s-%03d", strings.ToUpper(c.ID), n) }
	for _, tt := range []struct {
		session, hour int
		present       []string
		want          string // or the code of the problem
	}{
		{1, 5, nil, "attendance_too_soon"},
		{1, 6, []string{code(1)}, "attended seat seat"},
		{1, 9, []string{code(1), code(2)}, "attended attended absent"},
		{1, 10, []string{code(1)}, "attended absent absent"},
		{2, 10, nil, "attendance_too_soon"},
		{2, 14, []string{code(2), code(2)}, "attended attended absent"},
		{2, 15, []string{code(3)}, "attended absent attended"},
		{3, 15, nil, "session_unknown"},
		{2, 15, []string{"9ZZZ-001"}, "registration_unknown"},
	} {
		got, err := programme.TakeAttendance(records, programme.AttendanceRequest{Class: c.ID, Session: tt.session, Present: tt.present}, at(10, tt.hour))
		var p programme.Problem
		if errors.As(err, &p) {
			if string(p.Code) != tt.want {
				t.Errorf("session %d at %d:00: %s, want %s", tt.session, tt.hour, p.Code, tt.want)
			}
			continue
		}
		var all []string
		err2 := records.ClassRegistrations(c.ID, func(r programme.Registration) bool {
			all = append(all, string(r.Status))
			return true
		})
		if is := strings.Join(all, " "); err != nil || err2 != nil || is != tt.want || got.Attended != strings.Count(is, "attended") || got.Absent != strings.Count(is, "absent") {
			t.Errorf("session %d at %d:00: %s (%+v), want %s; %v", tt.session, tt.hour, is, got, tt.want, err)
		}
	}
}
