package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"text/tabwriter"
	"time"

	"sachhon/bot"
)

type runCmd struct {
	List runListCmd `cmd:"" help:"List what the schedules of the house did, the latest first."`
	Now  runNowCmd  `cmd:"" help:"Run a schedule at once: housekeeping or campaigns."`
}

type runListCmd struct{}

// Run lists the runs as a table.
func (runListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var list []bot.RunView
		if err := cl.call(ctx, "/runs", nil, nil, &list); err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tPLANNED\tSTARTED\tTOOK\tRESULT")
		for _, r := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%v\t%s\n", r.Name, runTime(r.Planned, zone, "by hand"), runTime(r.Started, zone, "left out"),
				r.Took.Round(time.Millisecond), runResult(&r))
		}
		return w.Flush()
	})
}

type runNowCmd struct {
	Name string `arg:"" help:"The schedule's name."`
}

// Run runs the schedule and says what it did.
func (c *runNowCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var r bot.RunView
		if err := cl.call(ctx, "/runs/"+url.PathEscape(c.Name), nil, struct{}{}, &r); err != nil {
			return err
		}
		if r.Err != "" {
			return errors.New(r.Err)
		}
		_, err := fmt.Fprintf(env.out, "%s: %s, took %v\n", r.Name, runResult(&r), r.Took.Round(time.Millisecond))
		return err
	})
}

func runTime(at time.Time, zone *time.Location, none string) string {
	if at.IsZero() {
		return none
	}
	return at.In(zone).Format("2006-01-02 15:04:05")
}

func runResult(r *bot.RunView) string {
	switch {
	case r.Started.IsZero():
		return "left out"
	case r.Err != "":
		return "failed: " + r.Err
	case r.Did == "":
		return "done"
	default:
		return r.Did
	}
}
