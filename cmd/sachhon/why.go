package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"sachhon/bot"
)

type whyCmd struct {
	Contact   string `arg:"" help:"A contact's id, or an address such as telegram:42."`
	Broadcast string `help:"Only this broadcast; none: everything that was sent, waits or was left out."`
	Lang      string `enum:"vi,en" default:"vi" help:"The language of the answer, vi or en."`
}

// Run says what somebody was sent and is to be sent, and why not what they did
// not get: a line each, the latest first.
func (c *whyCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var list []bot.WhyView
		query := url.Values{"contact": {c.Contact}, "broadcast": {c.Broadcast}}
		if err := cl.call(ctx, "/why", query, nil, &list); err != nil {
			return err
		}
		if len(list) == 0 {
			fmt.Fprintln(env.out, "nothing was sent to them or is planned, and no broadcast has begun yet")
		}
		for _, v := range list {
			at := "                "
			if !v.At.IsZero() {
				at = v.At.In(zone).Format("2006-01-02 15:04")
			}
			what, words := v.What.VI, v.Words.VI
			if c.Lang == "en" {
				what, words = v.What.EN, v.Words.EN
			}
			fmt.Fprintf(env.out, "%s  %s: %s\n", at, what, words)
		}
		return nil
	})
}
