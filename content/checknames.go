package content

import (
	"fmt"
	"slices"
	"strings"

	"sachhon/dialogs"
)

// Names that are always there: in texts, and in conditions.
var (
	textNames      = []string{"typed", "title", "progress", "parked", "lines"}
	conditionNames = []string{"value", "known", "lang", "today", "given", "agreed"}
	// engineNames are the placeholders that wordings of texts/ may use.
	engineNames = []string{"typed", "title", "progress", "parked", "reading", "answer", "max", "time", "lines", "n", "a", "b", "c"}
)

// provided lists the names that a flow's texts and conditions may use: its own
// questions, what the actions put there, and what deep links bring.
func (c *flowCheck) provided() []string {
	var names []string
	for key := range c.at {
		names = append(names, key)
	}
	for _, n := range c.flow.Nodes {
		if a, ok := actionNamed(n.Do); ok {
			names = append(names, a.Values...)
		}
		if n.Kind == dialogs.CallNode {
			names = append(names, c.namesOf(n.Call)...)
		}
	}
	for _, f := range c.folder.flows {
		for _, n := range f.flow.Nodes {
			if n.Kind == dialogs.CallNode && n.Call == c.flow.Key {
				names = append(names, c.namesOf(f.flow.Key)...)
			}
		}
	}
	for _, e := range c.folder.content.Entries {
		if e.Flow == c.flow.Key {
			names = append(names, e.Into)
		}
	}
	for _, cmd := range c.folder.content.Commands {
		if cmd.Flow == c.flow.Key && cmd.Into != "" {
			names = append(names, cmd.Into)
		}
	}
	return names
}

// namesOf lists the nodes and values of another flow in the same talk.
func (c *flowCheck) namesOf(flow string) []string {
	var names []string
	for _, f := range c.folder.flows {
		if f.flow.Key != flow {
			continue
		}
		for key := range f.at {
			names = append(names, key)
		}
		for _, n := range f.flow.Nodes {
			if a, ok := actionNamed(n.Do); ok {
				names = append(names, a.Values...)
			}
		}
	}
	return names
}

// checkNames finds placeholders and names in conditions that nothing provides,
// and questions that an action's value would overwrite.
func (c *flowCheck) checkNames() {
	names := c.provided()
	slices.Sort(names)
	for _, w := range c.words {
		for _, text := range []string{w.text.VI, w.text.EN} {
			c.checkHoles(text, slices.Concat(names, textNames), w.at)
		}
	}
	for _, a := range c.args {
		c.checkHoles(a.text, names, a.at)
	}
	for _, w := range c.ways {
		c.checkHoles(w.to, names, w.at)
	}
	for _, cond := range c.conditions {
		for _, name := range cond.expr.Names() {
			if !slices.Contains(conditionNames, name) && !slices.Contains(names, name) {
				c.unprovided(name, "the condition “"+cond.expr.Source+"”", names, cond.at)
			}
		}
	}
	for _, n := range c.flow.Nodes {
		a, _ := actionNamed(n.Do)
		for _, v := range a.Values {
			if at, ok := c.at[v]; ok {
				c.add(at, Error, fmt.Sprintf("the key “%s” is also what %s puts into the talk", v, a.Name), "give the node another key")
			}
		}
	}
}

func (c *flowCheck) checkHoles(text string, names []string, at place) {
	for _, name := range placeholders(text) {
		if fact, ok := strings.CutPrefix(name, "known."); ok {
			if !c.known[fact] {
				c.add(at, Error, "no question asks for the fact “"+fact+"”", "add “known: "+fact+"” to the question that asks for it")
			}
			continue
		}
		if !slices.Contains(names, name) {
			c.unprovided(name, "{"+name+"}", names, at)
		}
	}
}

func (c *flowCheck) unprovided(name, where string, names []string, at place) {
	do := "use the key of a question, or a value of an action in this flow"
	if near := likely(name, names); near != "" {
		do = "did you mean “" + near + "”?"
	}
	c.add(at, Error, "nothing provides “"+name+"” for "+where, do)
}
