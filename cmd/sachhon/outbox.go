package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"sachhon/bot"
)

type outboxCmd struct {
	List  outboxListCmd  `cmd:"" default:"1" help:"Count the messages of the last two days and list those that were given up."`
	Retry outboxRetryCmd `cmd:"" help:"Send a message again that was given up."`
}

type outboxListCmd struct{}

// Run prints how messages fare.
func (outboxListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var rep bot.OutboxReport
		if err := cl.call(ctx, "/outbox", nil, nil, &rep); err != nil {
			return err
		}
		if len(rep.Networks) == 0 && len(rep.Dead) == 0 {
			fmt.Fprintln(env.out, "no network is switched on, so nothing waits; web page and terminal are read, not sent to")
		}
		for _, n := range rep.Networks {
			fmt.Fprintf(env.out, "%s: %d waiting, %d in flight, %d sent, %d given up, %d possibly repeated\n", n.Network, n.Waiting, n.InFlight, n.Sent, n.Dead, n.Repeated)
			if !n.Oldest.IsZero() {
				fmt.Fprintf(env.out, "   the oldest has waited since %s\n", n.Oldest.In(zone).Format("2006-01-02 15:04"))
			}
			if n.PerSecond > 0 {
				fmt.Fprintf(env.out, "   at most %d a second leave\n", n.PerSecond)
			}
			if !n.Until.IsZero() {
				fmt.Fprintf(env.out, "   %s\n", networkWait(n.Network, n.Down, n.Until.In(zone).Format("2006-01-02 15:04:05")))
			}
		}
		for _, d := range rep.Dead {
			fmt.Fprintf(env.out, "%d  %s  %s  %s after %d attempts  %s\n", d.ID, d.GivenUp.In(zone).Format("2006-01-02 15:04"), d.Network, d.Reason, d.Attempts, d.Error)
		}
		return nil
	})
}

// networkWait says why a network takes nothing.
func networkWait(name string, down bool, until string) string {
	if down {
		return fmt.Sprintf("%s takes nothing, next try at %s", name, until)
	}
	return fmt.Sprintf("%s asks for patience until %s", name, until)
}

type outboxRetryCmd struct {
	ID uint64 `arg:"" help:"The message's number in the list."`
}

// Run queues a message again.
func (c *outboxRetryCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		return cl.call(ctx, "/outbox/"+strconv.FormatUint(c.ID, 10)+"/retry", nil, struct{}{}, nil)
	})
}
