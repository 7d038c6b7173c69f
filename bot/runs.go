package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"sachhon/scheduler"
)

// RunView is one run of a schedule of the house.
type RunView struct {
	Name    string        `json:"name"`
	Planned time.Time     `json:"planned_at,omitzero"` // zero: by hand
	Started time.Time     `json:"started_at,omitzero"` // zero: left out
	Took    time.Duration `json:"took"`
	Did     string        `json:"did,omitempty"`
	Err     string        `json:"error,omitempty"`
	Late    bool          `json:"late,omitempty"`
}

func runView(r scheduler.Run) RunView {
	return RunView{r.Name, r.Planned, r.Started, r.Took, r.Did, r.Err, r.Late}
}

// Runs returns the runs of all schedules that are kept, the latest first.
func (b *Bot) Runs(ctx context.Context) (list []RunView, err error) {
	list = []RunView{}
	for _, name := range scheduleNames() {
		runs, err := b.store.Runs(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, r := range runs {
			list = append(list, runView(r))
		}
	}
	slices.SortStableFunc(list, func(a, o RunView) int {
		return cmp.Or(o.at().Compare(a.at()), cmp.Compare(a.Name, o.Name))
	})
	return list, nil
}

// at is when the run was, or should have been.
func (v RunView) at() time.Time {
	if v.Started.IsZero() {
		return v.Planned
	}
	return v.Started
}

// RunNow carries out a schedule at once and returns what it did.
func (b *Bot) RunNow(ctx context.Context, name string) (RunView, error) {
	r, err := b.calendar.RunNow(ctx, name)
	switch {
	case errors.Is(err, scheduler.ErrNoSchedule):
		err = badRequest{fmt.Errorf("%w; those there are: %s", err, strings.Join(scheduleNames(), ", "))}
	case errors.Is(err, scheduler.ErrRunning):
		err = badRequest{err}
	}
	return runView(r), err
}

// controlRuns registers what the shell can do with schedules.
func (b *Bot) controlRuns(mux *http.ServeMux) {
	handle(mux, "GET /runs", func(r *http.Request) (any, error) { return b.Runs(r.Context()) })
	handle(mux, "POST /runs/{name}", func(r *http.Request) (any, error) { return b.RunNow(r.Context(), r.PathValue("name")) })
}
