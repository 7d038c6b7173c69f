package main

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sachhon/bot"
	"sachhon/bot/programme"
)

type requestCmd struct {
	List requestListCmd `cmd:"" default:"1" help:"List requests that are open."`
	Set  requestSetCmd  `cmd:"" help:"Say how far a request has come."`
}

type requestListCmd struct {
	All bool `help:"Closed and declined ones too."`
}

// Run lists the requests, the oldest first.
func (c *requestListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		query := url.Values{}
		if c.All {
			query.Set("all", "1")
		}
		var list []programme.Request
		if err := cl.call(ctx, "/requests", query, nil, &list); err != nil {
			return err
		}
		for i := range list {
			r := &list[i]
			fmt.Fprintf(env.out, "%d  %s  %s  %s\n", r.ID, r.Created.In(zone).Format("2006-01-02 15:04"), r.State,
				strings.Join(present(r.Enterprise, r.TaxCode, r.Sector), " · "))
			if words := strings.Join(present(r.Name, r.Phone, r.Reason), " · "); words != "" {
				fmt.Fprintln(env.out, "   "+words)
			}
			if r.Need != "" {
				fmt.Fprintln(env.out, "   "+strings.ReplaceAll(r.Need, "\n", "\n   "))
			}
			if len(r.Weeks) > 0 {
				fmt.Fprintln(env.out, "   weeks of "+strings.Join(r.Weeks, ", "))
			}
		}
		return nil
	})
}

// present leaves out what is empty.
func present(words ...string) []string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

type requestSetCmd struct {
	ID     uint64 `arg:"" help:"The request's number."`
	State  string `arg:"" enum:"contacted,scheduled,surveyed,reported,followed_up,closed,declined" help:"contacted, scheduled, surveyed, reported, followed_up, closed or declined."`
	Reason string `help:"Why it is declined."`
}

// Run brings a request to another state and prints where it stands.
func (c *requestSetCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var r programme.Request
		if err := cl.call(ctx, "/requests/"+strconv.FormatUint(c.ID, 10), nil, bot.RequestChange{State: c.State, Reason: c.Reason}, &r); err != nil {
			return err
		}
		fmt.Fprintf(env.out, "%d  %s\n", r.ID, r.State)
		return nil
	})
}
