package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"sachhon/bot"
	"sachhon/content"
	"sachhon/dialogs/dialogstest"
)

type testCmd struct {
	Dir string `arg:"" optional:"" help:"A content folder; none: the embedded content, or SACHHON_CONTENT." type:"path"`
}

// Run plays every transcript against the whole bot over a store of its own,
// prints where one goes otherwise than written, and the ways out of nodes that
// no transcript tried.
func (c *testCmd) Run(env *environment, all *cli) error {
	files, err := contentFiles(env, all, c.Dir)
	if err != nil {
		return err
	}
	names, err := fs.Glob(files, "transcripts/*.txt")
	if err != nil {
		return fmt.Errorf("list transcripts: %w", err)
	}
	tried := map[content.Way]bool{}
	failed := 0
	for _, name := range names {
		diff, err := playOne(files, name, func(flow, node, way string) { tried[content.Way{Flow: flow, Node: node, Way: way}] = true })
		if err != nil {
			return fmt.Errorf("play %s: %w", name, err)
		}
		if diff != "" {
			failed++
			fmt.Fprintf(env.out, "%s\n%s\n\n", name, diff)
		}
	}
	set, _ := content.Load(files)
	if set != nil {
		for _, w := range set.Ways() {
			if !tried[w] {
				fmt.Fprintf(env.out, "not tried: %s\n", w)
			}
		}
	}
	fmt.Fprintf(env.out, "%d passed, %d failed\n", len(names)-failed, failed)
	if failed > 0 {
		return errQuiet
	}
	return nil
}

// playOne plays one transcript on a stage of its own.
func playOne(files fs.FS, name string, traced func(flow, node, way string)) (diff string, err error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	script, err := dialogstest.Parse(name, f)
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "sachhon-test-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	stage, err := bot.NewStage(folder, files, traced)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, stage.Close()) }()
	return dialogstest.Play(script, stage)
}
