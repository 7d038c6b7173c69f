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
	Broadcast string `help:"Only this broadcast; none: all that began."`
	Lang      string `enum:"vi,en" default:"vi" help:"The language of the answer, vi or en."`
}

// Run says whether somebody has a broadcast, and why not if not.
func (c *whyCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var list []bot.RecipientView
		query := url.Values{"contact": {c.Contact}, "broadcast": {c.Broadcast}}
		if err := cl.call(ctx, "/why", query, nil, &list); err != nil {
			return err
		}
		if len(list) == 0 {
			fmt.Fprintln(env.out, "no broadcast has begun yet")
		}
		for _, r := range list {
			words := r.Words.VI
			if c.Lang == "en" {
				words = r.Words.EN
			}
			fmt.Fprintf(env.out, "%s %s: %s\n", r.Broadcast, r.Title, words)
		}
		return nil
	})
}
