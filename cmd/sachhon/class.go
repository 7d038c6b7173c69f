package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"sachhon/bot"
	"sachhon/dialogs"
)

type classCmd struct {
	Add    classAddCmd    `cmd:"" help:"Add a class that people can register for at once; prints its id."`
	List   classListCmd   `cmd:"" help:"List classes with their seats."`
	Open   classOpenCmd   `cmd:"" help:"Open registration again, or that of a planned class."`
	Close  classCloseCmd  `cmd:"" help:"Close registration; the waiting list still fills freed seats."`
	Cancel classCancelCmd `cmd:"" help:"Cancel a class and tell everybody in it."`
	Move   classMoveCmd   `cmd:"" help:"Change time or venue and tell everybody in it."`
}

type classAddCmd struct {
	Title         string   `required:"" help:"What the class is called."`
	TitleEN       string   `name:"title-en" help:"The title in English."`
	Starts        string   `required:"" help:"Start of the first session, such as 2026-12-10T08:00." placeholder:"TIME"`
	Ends          string   `required:"" help:"End of the first session." placeholder:"TIME"`
	Session       []string `help:"A further session as START/END; may be repeated." placeholder:"START/END" sep:"none"`
	Venue         string   `required:"" help:"Where it is held."`
	Seats         int      `required:"" help:"How many people it takes."`
	Sector        string   `enum:"wood,tobacco,food,chemicals," default:"" help:"wood, tobacco, food or chemicals; none: all."`
	PerEnterprise int      `help:"Most people from one enterprise; 0: no limit."`
	Closes        string   `help:"When registration closes; none: when the class starts." placeholder:"TIME"`
	About         string   `help:"What it covers."`
	AboutEN       string   `name:"about-en" help:"What it covers, in English."`
	Planned       bool     `help:"Do not open registration yet."`
}

// Run adds the class.
func (c *classAddCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		spec := bot.ClassSpec{Title: dialogs.Text{VI: c.Title, EN: c.TitleEN}, Venue: c.Venue, Seats: c.Seats, Sector: c.Sector,
			PerEnterprise: c.PerEnterprise, About: dialogs.Text{VI: c.About, EN: c.AboutEN}, Planned: c.Planned}
		var err error
		for _, s := range append([]string{c.Starts + "/" + c.Ends}, c.Session...) {
			var one bot.SessionSpec
			if one, err = session(s, zone); err != nil {
				return err
			}
			spec.Sessions = append(spec.Sessions, one)
		}
		if c.Closes != "" {
			if spec.Closes, err = instant(c.Closes, zone); err != nil {
				return usageError{fmt.Errorf("--closes: %w", err)}
			}
		}
		var made bot.ClassView
		if err := cl.call(ctx, "/classes", nil, spec, &made); err != nil {
			return err
		}
		fmt.Fprintln(env.out, made.ID)
		return nil
	})
}

// session reads START/END.
func session(s string, zone *time.Location) (out bot.SessionSpec, err error) {
	from, to, ok := strings.Cut(s, "/")
	if !ok {
		return out, usageError{fmt.Errorf("session %q: write START/END", s)}
	}
	if out.Starts, err = instant(from, zone); err != nil {
		return out, usageError{fmt.Errorf("start: %w", err)}
	}
	if out.Ends, err = instant(to, zone); err != nil {
		return out, usageError{fmt.Errorf("end: %w", err)}
	}
	return out, nil
}

// instant reads a time as people write it on a command line.
func instant(s string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%q is no time; write it like 2026-12-10T08:00", s)
}

type classListCmd struct{}

// Run lists the classes as a table.
func (classListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, zone *time.Location) error {
		var list []bot.ClassView
		if err := cl.call(ctx, "/classes", nil, nil, &list); err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tSTATUS\tSTARTS\tSEATS\tTAKEN\tOFFERED\tWAITING\tTITLE")
		for _, c := range list {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\n", c.ID, c.Status, c.Starts.In(zone).Format("2006-01-02 15:04"),
				c.Seats, c.Taken, c.Offered, c.Waiting, c.Title.VI)
		}
		return w.Flush()
	})
}

type classRef struct {
	ID string `arg:"" help:"The class's id."`
}

type classOpenCmd struct{ classRef }
type classCloseCmd struct{ classRef }
type classCancelCmd struct{ classRef }

// Run opens registration.
func (c *classOpenCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return c.change(ctx, env, all, "open", nil)
}

// Run closes registration.
func (c *classCloseCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return c.change(ctx, env, all, "close", nil)
}

// Run cancels the class.
func (c *classCancelCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return c.change(ctx, env, all, "cancel", nil)
}

type classMoveCmd struct {
	classRef
	Starts string `help:"New start." placeholder:"TIME"`
	Ends   string `help:"New end." placeholder:"TIME"`
	Venue  string `help:"New venue."`
	Seats  int    `help:"New number of seats."`
}

// Run moves the class.
func (c *classMoveCmd) Run(ctx context.Context, env *environment, all *cli) error {
	if c.Venue == "" && c.Seats == 0 && (c.Starts == "" || c.Ends == "") {
		return usageError{errors.New("give --starts with --ends, --venue or --seats")}
	}
	cfg, err := all.settings(env, nil)
	if err != nil {
		return err
	}
	spec := bot.ClassSpec{Venue: c.Venue, Seats: c.Seats}
	if c.Starts != "" || c.Ends != "" {
		one, err := session(c.Starts+"/"+c.Ends, cfg.Timezone)
		if err != nil {
			return err
		}
		spec.Sessions = []bot.SessionSpec{one}
	}
	return c.change(ctx, env, all, "move", spec)
}

// change asks for one thing to be done with the class and prints what it is now.
func (c *classRef) change(ctx context.Context, env *environment, all *cli, what string, in any) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		if in == nil {
			in = struct{}{}
		}
		var now bot.ClassView
		if err := cl.call(ctx, "/classes/"+url.PathEscape(c.ID)+"/"+what, nil, in, &now); err != nil {
			return err
		}
		fmt.Fprintf(env.out, "%s %s\n", now.ID, now.Status)
		return nil
	})
}

// withClient runs fn with a connection to the bot.
func withClient(ctx context.Context, env *environment, all *cli, fn func(*client, *time.Location) error) (err error) {
	cfg, err := all.settings(env, nil)
	if err != nil {
		return err
	}
	cl, err := connect(ctx, env, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cl.close()) }()
	return fn(cl, cfg.Timezone)
}
