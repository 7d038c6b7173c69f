package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sachhon/bot"
	"sachhon/dialogs"
	"sachhon/scheduler/rehearsal"
)

type rehearseCmd struct {
	Broadcast string  `help:"Play this broadcast: a JSON file as POST /api/v1/broadcasts takes it." placeholder:"FILE.json" type:"existingfile" xor:"what" required:""`
	Campaigns int     `help:"Play all campaigns of the next so many days." placeholder:"DAYS" xor:"what" required:""`
	Invented  int     `help:"Over so many invented people instead of those of the store." placeholder:"N"`
	Seed      uint64  `help:"The same seed gives the same rehearsal." default:"1"`
	Faults    string  `help:"How well networks behave: none, usual or bad." enum:"none,usual,bad" default:"usual"`
	Speed     float64 `help:"Show it so many times as fast as it would be; 0: at once." placeholder:"N"`
	Output    string  `short:"o" help:"Write a picture (.png), a table (.xlsx) or everything (.json)." placeholder:"FILE" type:"path"`
	Lang      string  `help:"The language of the report, vi or en." enum:"vi,en" default:"vi"`
}

// Run plays it and prints the report.
func (c *rehearseCmd) Run(ctx context.Context, env *environment, all *cli) error {
	spec, err := c.spec(env)
	if err != nil {
		return err
	}
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var v bot.RehearsalView
		if err := cl.call(ctx, "/rehearse", nil, spec, &v); err != nil {
			return err
		}
		if c.Speed > 0 {
			show := rehearsed{out: env.out, zone: zone, speed: c.Speed, lang: spec.Lang}
			show.play(ctx, &v.Report)
		}
		fmt.Fprintln(env.out, strings.Join(v.Words, "\n"))
		printHours(env.out, v.Hours, zone, spec.Lang)
		if c.Output != "" {
			if err := os.WriteFile(c.Output, v.File, 0o600); err != nil {
				return fmt.Errorf("write the rehearsal: %w", err)
			}
		}
		if v.Report.OutsideHours > 0 {
			return errQuiet
		}
		return nil
	})
}

// spec is what to ask for.
func (c *rehearseCmd) spec(env *environment) (spec bot.RehearsalSpec, err error) {
	spec = bot.RehearsalSpec{Days: c.Campaigns, Invented: c.Invented, Seed: c.Seed, Faults: c.Faults, Lang: dialogs.Lang(c.Lang)}
	if c.Speed < 0 {
		return spec, usageError{errors.New("--speed must not be below 0")}
	}
	if c.Output != "" {
		spec.Format = strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Output), "."))
		if spec.Format != "png" && spec.Format != "xlsx" && spec.Format != "json" {
			return spec, usageError{errors.New("-o takes a file that ends in .png, .xlsx or .json")}
		}
	}
	if c.Broadcast != "" {
		file := broadcastFile{File: c.Broadcast}
		raw, err := file.read(env)
		spec.Broadcast = json.RawMessage(raw)
		return spec, err
	}
	if c.Campaigns < 1 {
		return spec, usageError{errors.New("--campaigns takes a number of days, at least 1")}
	}
	return spec, nil
}

// What the terminal shows one by one: so many hours, else so many days, else
// weeks by their Mondays.
const (
	hoursShown = 40
	daysShown  = 62
)

// printHours draws how many messages arrive in every hour, day or week.
func printHours(out io.Writer, hours []rehearsal.Hour, zone *time.Location, lang dialogs.Lang) {
	form := "02/01 15:00"
	if len(hours) > hoursShown {
		form, hours = "02/01/2006", together(hours, zone, func(time.Time) int { return 0 })
	}
	if len(hours) > daysShown {
		hours = together(hours, zone, func(at time.Time) int { return (int(at.Weekday()) + 6) % 7 })
	}
	most := 0
	for _, h := range hours {
		most = max(most, h.Sent)
	}
	if most == 0 {
		return
	}
	fmt.Fprintln(out)
	for _, h := range hours {
		full := (h.Sent*longestBar*8 + most - 1) / most // in eighths of a character
		drawn := strings.Repeat("█", full/8)
		if full%8 > 0 {
			drawn += string([]rune("▏▎▍▌▋▊▉")[full%8-1])
		}
		fmt.Fprintf(out, "%s  %s %s\n", h.At.In(zone).Format(form), drawn, dialogs.Show(dialogs.NumberOf(float64(h.Sent), ""), lang))
	}
}

// together adds up what begins on the same day, so many days back.
func together(hours []rehearsal.Hour, zone *time.Location, back func(at time.Time) int) (days []rehearsal.Hour) {
	for _, h := range hours {
		at := h.At.In(zone)
		on := time.Date(at.Year(), at.Month(), at.Day()-back(at), 0, 0, 0, 0, zone)
		if len(days) == 0 || !days[len(days)-1].At.Equal(on) {
			days = append(days, rehearsal.Hour{At: on})
		}
		days[len(days)-1].Sent += h.Sent
	}
	return days
}

// rehearsed shows a report as if it happened now, faster.
type rehearsed struct {
	out   io.Writer
	zone  *time.Location
	speed float64
	lang  dialogs.Lang
}

// frame is how often the line moves.
const frame = 100 * time.Millisecond

// play shows it from the first to the last message; it ends early with ctx.
func (r *rehearsed) play(ctx context.Context, report *rehearsal.Report) {
	if report.Sent == 0 {
		return
	}
	s := newScreen(r.out)
	defer s.end()
	ticks := time.NewTicker(frame)
	defer ticks.Stop()
	began, sent, next := time.Now(), 0, 0
	for next < len(report.Minutes) {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		now := report.First.Add(time.Duration(float64(time.Since(began)) * r.speed))
		for next < len(report.Minutes) && !report.Minutes[next].At.Add(time.Minute).After(now) {
			sent += report.Minutes[next].Sent
			next++
		}
		if next == len(report.Minutes) {
			now = report.Last
		}
		r.line(s, now, sent, report.Sent)
	}
}

// line shows the state of a moment.
func (r *rehearsed) line(s *screen, now time.Time, sent, of int) {
	number := func(n int) string { return dialogs.Show(dialogs.NumberOf(float64(n), ""), r.lang) }
	s.show([]string{fmt.Sprintf("%s · %s / %s", now.In(r.zone).Format("02/01/2006 15:04"), number(sent), number(of))}, sent, of)
}
