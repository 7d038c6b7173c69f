package main

import (
	"fmt"

	"sachhon/content"
)

type contentCmd struct {
	Export contentExportCmd `cmd:"" help:"Write the embedded content into a folder, to edit it and run with SACHHON_CONTENT."`
}

type contentExportCmd struct {
	Dir string `arg:"" help:"An empty or new folder." type:"path"`
}

// Run writes the embedded content.
func (c *contentExportCmd) Run(env *environment) error {
	if err := content.Export(content.Embedded(), c.Dir); err != nil {
		return err
	}
	fmt.Fprintf(env.out, "written to %s; try it with: sachhon check %s, then SACHHON_CONTENT=%s sachhon serve\n", c.Dir, c.Dir, c.Dir)
	return nil
}
