package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"sachhon/bot"
)

type segmentCmd struct {
	List   segmentListCmd   `cmd:"" help:"List the saved segments with their conditions."`
	Show   segmentShowCmd   `cmd:"" help:"Say how many people a saved segment means now."`
	Save   segmentSaveCmd   `cmd:"" help:"Save conditions under a name, in place of what it named before."`
	Delete segmentDeleteCmd `cmd:"" help:"Forget a name; broadcasts made with it keep their conditions."`
}

type segmentListCmd struct{}

// Run lists the segments as a table.
func (segmentListCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var list map[string]json.RawMessage
		if err := cl.call(ctx, "/segments", nil, nil, &list); err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tCONDITIONS")
		for _, name := range slices.Sorted(maps.Keys(list)) {
			fmt.Fprintf(w, "%s\t%s\n", name, list[name])
		}
		return w.Flush()
	})
}

type segmentRef struct {
	Name string `arg:"" help:"The segment's name, as a broadcast's \"segment\" gives it."`
}

// Validate refuses a name that no segment can have.
func (s *segmentRef) Validate() error {
	if strings.TrimSpace(s.Name) == "" {
		return errors.New("a segment needs a name")
	}
	return nil
}

func (s *segmentRef) path() string { return "/segments/" + url.PathEscape(s.Name) }

type segmentShowCmd struct{ segmentRef }

// Run counts whom the segment means.
func (c *segmentShowCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		var v bot.SegmentView
		if err := cl.call(ctx, c.path(), nil, nil, &v); err != nil {
			return err
		}
		w := tabwriter.NewWriter(env.out, 0, 4, 2, ' ', 0)
		fmt.Fprintf(w, "conditions\t%s\n", v.Segment.JSON())
		fmt.Fprintf(w, "people\t%d of %d contacts\n", v.People, v.Contacts)
		printReasons(w, "by channel", v.Channels)
		printReasons(w, "by language", v.Languages)
		printReasons(w, "out of reach", v.OutOfReach)
		return w.Flush()
	})
}

type segmentSaveCmd struct {
	segmentRef
	File string `arg:"" help:"A JSON file of conditions such as {\"sector\":[\"wood\"],\"subscribed\":true}; -: standard input."`
}

// Run saves the segment.
func (c *segmentSaveCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		raw, err := c.read(env)
		if err != nil {
			return err
		}
		return cl.call(ctx, c.path(), nil, raw, nil)
	})
}

func (c *segmentSaveCmd) read(env *environment) (json.RawMessage, error) {
	name := c.File
	read := func() ([]byte, error) { return env.readFile(c.File) }
	if name == "-" {
		name, read = "standard input", func() ([]byte, error) { return io.ReadAll(env.in) }
	}
	raw, err := read()
	if err != nil {
		return nil, err
	}
	return readJSON(name, raw, `write conditions such as {"sector":["wood"],"subscribed":true}`)
}

type segmentDeleteCmd struct{ segmentRef }

// Run deletes the segment.
func (c *segmentDeleteCmd) Run(ctx context.Context, env *environment, all *cli) error {
	return withClient(ctx, env, all, func(cl *client, _ *time.Location) error {
		return cl.call(ctx, c.path()+"/delete", nil, struct{}{}, nil)
	})
}
