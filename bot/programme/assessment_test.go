package programme_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sachhon/bot/programme"
)

var vietnam = time.FixedZone("+07", 7*3600)

func TestWhatComesLaterComesInOfficeHours(t *testing.T) {
	for _, tt := range []struct{ checked, followUp, again string }{
		{"2026-11-24T09:00", "2026-12-24T09:00", "2027-05-24T09:00"},
		{"2026-11-24T23:30", "2026-12-25T09:00", "2027-05-25T09:00"},
		{"2026-11-24T06:10", "2026-12-24T09:00", "2027-05-24T09:00"},
		{"2026-11-26T10:00", "2026-12-28T09:00", "2027-05-26T10:00"}, // the 26th of December is a Saturday
		{"2026-08-31T10:00", "2026-09-30T10:00", "2027-03-03T10:00"}, // there is no 31st of February
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", tt.checked, vietnam)
		if err != nil {
			t.Fatal(err)
		}
		if got := programme.FollowUpAt(at).Format("2006-01-02T15:04"); got != tt.followUp {
			t.Errorf("checked %s: asked %s, want %s", tt.checked, got, tt.followUp)
		}
		if got := programme.AgainAt(at).Format("2006-01-02T15:04"); got != tt.again {
			t.Errorf("checked %s: offered %s, want %s", tt.checked, got, tt.again)
		}
	}
}

// TestOfficeHour: the time is allowed, not before what was asked for, and
// allowed times stay as they are.
func TestOfficeHour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(1.7e9, 2e9).Draw(t, "at"), 0).In(vietnam)
		got := programme.OfficeHour(at)
		if got.Before(at) || got.Hour() < 8 || got.Hour() >= 20 || got.Weekday() == time.Saturday || got.Weekday() == time.Sunday {
			t.Fatalf("%v became %v", at, got)
		}
		if again := programme.OfficeHour(got); !again.Equal(got) {
			t.Fatalf("%v became %v, then %v", at, got, again)
		}
		if got.Sub(at) > 62*time.Hour { // from Friday 20:00 to Monday 9:00 it is 61
			t.Fatalf("%v was put off to %v", at, got)
		}
	})
}

func TestRatiosHaveTwoDigits(t *testing.T) {
	for _, tt := range []struct {
		figures programme.Figures
		want    float64
		ok      bool
	}{
		{programme.Figures{Power: 12500, Output: 850}, 15, true},
		{programme.Figures{Power: 1249, Output: 1000}, 1.2, true},
		{programme.Figures{Power: 987654, Output: 1}, 990000, true},
		{programme.Figures{Power: 1, Output: 3000}, 0.00033, true},
		{programme.Figures{Power: 12500}, 0, false},
		{programme.Figures{Output: 850}, 0, false},
		{programme.Figures{Power: -5, Output: 850}, 0, false},
		{programme.Figures{}, 0, false},
	} {
		if got, ok := tt.figures.PowerPerUnit(); got != tt.want || ok != tt.ok {
			t.Errorf("%+v: %v, %v, want %v", tt.figures, got, ok, tt.want)
		}
	}
}
