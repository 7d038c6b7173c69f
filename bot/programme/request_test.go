package programme_test

import (
	"errors"
	"testing"
	"time"

	"sachhon/bot/programme"
)

func TestRequestGoesForward(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		from, to programme.RequestState
		reason   string
		want     programme.Code
	}{
		{programme.RequestReceived, programme.RequestContacted, "", ""},
		{programme.RequestReceived, programme.RequestScheduled, "", ""}, // by phone in one go
		{programme.RequestScheduled, programme.RequestContacted, "", programme.RequestBackwards},
		{programme.RequestReceived, programme.RequestDeclined, "", programme.ReasonMissing},
		{programme.RequestScheduled, programme.RequestDeclined, "nhà máy chuyển đi", ""},
		{programme.RequestSurveyed, programme.RequestDeclined, "nhà máy chuyển đi", programme.RequestBackwards},
		{programme.RequestClosed, programme.RequestReported, "", programme.RequestOver},
		{programme.RequestDeclined, programme.RequestContacted, "", programme.RequestOver},
		{programme.RequestFollowedUp, programme.RequestClosed, "", ""},
		{programme.RequestReceived, "visited", "", programme.RequestStateUnknown},
		{programme.RequestClosed, programme.RequestClosed, "", ""},
	} {
		r := programme.Request{State: tt.from}
		err := r.Set(tt.to, tt.reason, now)
		problem, _ := errors.AsType[programme.Problem](err)
		if problem.Code != tt.want {
			t.Errorf("%s to %s: %v, want %q", tt.from, tt.to, err, tt.want)
		}
		if tt.want == "" && (r.State != tt.to || r.Reason != tt.reason) || tt.want != "" && (r.State != tt.from || len(r.Steps) > 0) {
			t.Errorf("%s to %s: became %+v", tt.from, tt.to, r)
		}
	}
}

func TestWeeksBeginOnTheNextMonday(t *testing.T) {
	for day, want := range map[int]int{22: 23, 23: 30, 24: 30, 28: 30, 29: 30} { // November 2026; the 23rd is a Monday
		weeks := programme.Weeks(time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC), 8)
		if len(weeks) != 8 || weeks[0].Day() != want || weeks[0].Weekday() != time.Monday || weeks[7].Sub(weeks[0]) != 49*24*time.Hour {
			t.Errorf("on the %d.: %v", day, weeks)
		}
	}
}
