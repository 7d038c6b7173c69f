package programme_test

import (
	"testing"
	"time"

	"sachhon/bot/programme"
)

var vietnam = time.FixedZone("+07", 7*3600)

func TestWhatFollowsACheck(t *testing.T) {
	for _, tt := range []struct{ checked, followUp, again string }{
		{"2026-11-24T09:00", "2026-12-24T09:00", "2027-05-24T09:00"},
		{"2026-11-24T23:30", "2026-12-24T23:30", "2027-05-24T23:30"},
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
