package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"sachhon/bot"
)

type broadcastShowCmd struct {
	broadcastRef
	Watch bool `help:"Follow it until it is done or cancelled; Ctrl-C stops looking, not sending."`
}

// watchEvery is how often a followed broadcast is looked at.
const watchEvery = time.Second

// Run shows the broadcast, and follows it if asked to.
func (c *broadcastShowCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		look := func() (b bot.BroadcastView, err error) {
			err = cl.call(ctx, "/broadcasts/"+url.PathEscape(c.ID), nil, nil, &b)
			return b, err
		}
		b, err := look()
		if err == nil && c.Watch && !cl.alone && under(&b) {
			cl.onlyLook()
			b, err = follow(ctx, newScreen(env.out), &b, look, zone)
		}
		if c.Watch && ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if err := printBroadcast(env.out, &b, zone); err != nil {
			return err
		}
		if c.Watch && cl.alone && under(&b) {
			return errors.New("no server runs on this data folder, so nothing is sent; start `sachhon serve`")
		}
		return nil
	})
}

// under says whether a broadcast is under way, or will be by itself.
func under(b *bot.BroadcastView) bool {
	return b.Status == "scheduled" || b.Status == "sending" || b.Status == "paused"
}

// follow shows a broadcast until it is over or ctx ends, and returns how it was
// at the last look.
func follow(ctx context.Context, s *screen, b *bot.BroadcastView, look func() (bot.BroadcastView, error), zone *time.Location) (bot.BroadcastView, error) {
	defer s.end()
	looks := time.NewTicker(watchEvery)
	defer looks.Stop()
	for {
		s.show(stand(b, zone), settled(b), b.Counts.Total)
		if !under(b) {
			return *b, nil
		}
		select {
		case <-looks.C:
		case <-ctx.Done():
			return *b, nil
		}
		next, err := look()
		if err != nil {
			return *b, err
		}
		b = &next
	}
}

// settled is how many need nothing more; of a cancelled broadcast, how many it
// was sent to before.
func settled(b *bot.BroadcastView) int {
	if b.Status == "cancelled" {
		return b.Counts.Sent + b.Counts.Failed
	}
	return b.Counts.Total - b.Counts.Pending
}

// stand says how a broadcast stands, the longest wording first.
func stand(b *bot.BroadcastView, zone *time.Location) []string {
	if b.Status == "scheduled" {
		return []string{"begins " + b.SendAt.In(zone).Format("2006-01-02 15:04"), "begins " + b.SendAt.In(zone).Format("01-02 15:04")}
	}
	if !b.Planned && b.Status == "sending" {
		return []string{fmt.Sprintf("listing recipients · %d so far", b.Counts.Total), fmt.Sprintf("%d listed so far", b.Counts.Total)}
	}
	n := b.Counts
	percent := 100
	if n.Total > 0 {
		percent = settled(b) * 100 / n.Total
	}
	others := ""
	if n.Failed > 0 {
		others += fmt.Sprintf(", %d failed", n.Failed)
	}
	if n.Skipped > 0 {
		others += fmt.Sprintf(", %d skipped", n.Skipped)
	}
	long, short := pace(b, zone)
	return []string{
		fmt.Sprintf("%d%% · %d of %d sent%s%s", percent, n.Sent, n.Total, others, long),
		fmt.Sprintf("%d%% · %d/%d sent%s%s", percent, n.Sent, n.Total, others, short),
		fmt.Sprintf("%d%% · %d/%d%s", percent, n.Sent, n.Total, short),
	}
}

// pace says how fast a broadcast goes and how long it will take, or why it does
// not go on, at length and in short.
func pace(b *bot.BroadcastView, zone *time.Location) (long, short string) {
	switch {
	case b.Status == "paused" && b.PausedFor == "errors":
		return " · paused after too many errors", " · paused: errors"
	case b.Status == "paused":
		return " · paused by hand", " · paused"
	case b.Status == "done" && !b.Begun.IsZero():
		return " · done in " + roughly(b.Ended.Sub(b.Begun)), " · done"
	case b.Status != "sending":
		return " · " + b.Status, " · " + b.Status
	case !b.HeldUntil.IsZero():
		until := b.HeldUntil.In(zone)
		return fmt.Sprintf(" · held back until %s (%s)", until.Format("2006-01-02 15:04"), strings.ReplaceAll(string(b.HeldFor), "_", " ")),
			" · held until " + until.Format("01-02 15:04")
	case b.Network != nil:
		until := b.Network.Until.In(zone)
		return " · " + networkWait(b.Network.Name, b.Network.Down, until.Format("2006-01-02 15:04:05")), " · waits until " + until.Format("15:04:05")
	case b.SecondsLeft == 0:
		return "", ""
	}
	left := roughly(time.Duration(b.SecondsLeft) * time.Second)
	return fmt.Sprintf(" · %.0f a second · %s left", b.PerSecond, left), fmt.Sprintf(" · %.0f/s · %s left", b.PerSecond, left)
}

// roughly writes a duration as people say it: "38s", "1m10s", "2h5m".
func roughly(d time.Duration) string {
	if d < time.Hour {
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
