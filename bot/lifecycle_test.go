package bot

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestPartsStartInOrderAndUnwindInReverse(t *testing.T) {
	fault := errors.New("port taken")
	tests := []struct {
		name  string
		fails int // which part does not start; -1: none
		want  []string
	}{
		{"all start and stop", -1, []string{"+a", "+b", "+c", "-c", "-b", "-a"}},
		{"the last does not start", 2, []string{"+a", "+b", "-b", "-a"}},
		{"the first does not start", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log []string
			var parts []part
			for i, name := range []string{"a", "b", "c"} {
				parts = append(parts, part{name, func(context.Context) error {
					if i == tt.fails {
						return fault
					}
					log = append(log, "+"+name)
					return nil
				}, func(context.Context) error {
					log = append(log, "-"+name)
					return nil
				}})
			}
			started, err := startParts(t.Context(), slog.New(slog.DiscardHandler), parts)
			if (err != nil) != (tt.fails >= 0) || err != nil && !errors.Is(err, fault) {
				t.Fatalf("starting gave %v", err)
			}
			if err == nil {
				if err := stopParts(t.Context(), slog.New(slog.DiscardHandler), started); err != nil {
					t.Error(err)
				}
			}
			if !slices.Equal(log, tt.want) {
				t.Errorf("went %v, want %v", log, tt.want)
			}
		})
	}
}

// TestStoppingKeepsItsBudget has one part that never ends: the others are
// stopped all the same, and the time is kept.
func TestStoppingKeepsItsBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := make(chan struct{})
		bg := run(func(context.Context) error { <-stuck; return nil })
		stopped := false
		parts := []part{{"first", nil, func(context.Context) error { stopped = true; return nil }}, {"stuck", nil, bg.stop}}
		ctx, cancel := context.WithTimeout(t.Context(), StopBudget)
		defer cancel()
		from := time.Now()
		if err := stopParts(ctx, slog.New(slog.DiscardHandler), parts); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stopping gave %v", err)
		}
		if took := time.Since(from); took != StopBudget || !stopped {
			t.Errorf("took %v, the first part stopped: %v", took, stopped)
		}
		close(stuck)
	})
}
