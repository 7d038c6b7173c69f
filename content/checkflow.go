package content

import (
	"fmt"
	"strings"

	"sachhon/dialogs"
)

// flowCheck holds one flow against what people need of it.
type flowCheck struct {
	*flowPage
	folder *folder
	known  map[string]bool
	found  []Problem
	graph  map[string][]edge
}

// edge is one way on from a node. to is "" for leaving the flow.
type edge struct {
	to string
	// agreed marks the way that a consent takes when it was given.
	agreed bool
}

func (c *flowCheck) add(at place, s Severity, what, do string) {
	c.found = append(c.found, Problem{c.name, at.line, at.column, s, what, do})
}

func (c *flowCheck) run() {
	if len(c.flow.Nodes) == 0 {
		return
	}
	c.graph = map[string][]edge{}
	for i, n := range c.flow.Nodes {
		after := ""
		if i+1 < len(c.flow.Nodes) {
			after = c.flow.Nodes[i+1].Key
		}
		c.graph[n.Key] = edges(n, after)
	}
	c.checkReach()
	c.checkWaysOut()
	c.checkCircles()
	c.checkConsent()
	c.checkNames()
	for q := range questionsOf(c.flow) {
		c.checkChoices(q)
	}
}

// edges lists the ways on from a node; after is the key of the one below it.
func edges(n *dialogs.Node, after string) []edge {
	next := n.Next
	if next == "" {
		next = after
	}
	var list []edge
	goOn := true
	switch n.Kind {
	case dialogs.AskNode:
		list, goOn = choiceEdges(n)
	case dialogs.BranchNode:
		for _, c := range n.Cases {
			list = append(list, edge{to: c.Next})
		}
	case dialogs.DoNode:
		for _, to := range n.On {
			list = append(list, edge{to: to})
		}
		goOn = len(n.On) == 0
	case dialogs.EndNode:
		next = ""
	}
	if goOn || n.Relevant != nil {
		list = append(list, edge{to: next, agreed: n.Consent != "" && n.Relevant != nil && strings.Contains(n.Relevant.Source, "agreed(")})
	}
	for i := range list {
		if strings.HasPrefix(list[i].to, "/") {
			list[i].to = "" // a command leaves the flow
		}
	}
	return list
}

// choiceEdges lists where choices lead; goOn says whether some answer leads to
// the question's own next.
func choiceEdges(n *dialogs.Node) (list []edge, goOn bool) {
	q := n.Question
	goOn = len(q.Choices) == 0 || q.From != "" && q.From != "parked" || q.Optional || q.Unknown || q.NotApplicable ||
		q.Type != dialogs.TypeChoice
	for i, ch := range q.Choices {
		if ch.Next == "" {
			goOn = true
			continue
		}
		list = append(list, edge{to: ch.Next, agreed: n.Consent != "" && i == 0})
	}
	return list, goOn
}

// reach returns the nodes that can be met from the first one; where cut is
// true for an edge, it is not taken.
func (c *flowCheck) reach(cut func(edge) bool) map[string]bool {
	met := map[string]bool{}
	todo := []string{c.flow.Nodes[0].Key}
	for len(todo) > 0 {
		key := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if met[key] {
			continue
		}
		met[key] = true
		for _, e := range c.graph[key] {
			if e.to != "" && !cut(e) {
				todo = append(todo, e.to)
			}
		}
	}
	return met
}

func (c *flowCheck) checkReach() {
	met := c.reach(func(edge) bool { return false })
	for _, n := range c.flow.Nodes {
		if !met[n.Key] {
			c.add(c.at[n.Key], Warning, "nobody gets to “"+n.Key+"”", "lead a way to it, or take it out")
		}
	}
}

// checkWaysOut finds nodes from which nobody gets out of the flow.
func (c *flowCheck) checkWaysOut() {
	out := map[string]bool{"": true}
	for grown := true; grown; {
		grown = false
		for key, list := range c.graph {
			for _, e := range list {
				if out[e.to] && !out[key] {
					out[key], grown = true, true
				}
			}
		}
	}
	for _, n := range c.flow.Nodes {
		if !out[n.Key] {
			c.add(c.at[n.Key], Error, "from “"+n.Key+"” nobody gets out of the flow", "lead one way to its end, or to a command such as /menu")
		}
	}
}

// checkCircles finds circles in which nothing waits for the person.
func (c *flowCheck) checkCircles() {
	waits := map[string]bool{}
	for _, n := range c.flow.Nodes {
		waits[n.Key] = n.Kind == dialogs.AskNode || n.Kind == dialogs.FormNode || n.Kind == dialogs.WaitNode
	}
	state := map[string]int{} // 1: on the way, 2: done
	var walk func(key string) bool
	walk = func(key string) bool {
		if key == "" || waits[key] || state[key] == 2 {
			return false
		}
		if state[key] == 1 {
			return true
		}
		state[key] = 1
		for _, e := range c.graph[key] {
			if walk(e.to) {
				state[key] = 2
				return true
			}
		}
		state[key] = 2
		return false
	}
	for _, n := range c.flow.Nodes {
		if walk(n.Key) {
			c.add(c.at[n.Key], Error, "“"+n.Key+"” leads back to itself without a question between", "put a question into the circle, or break it")
		}
	}
}

// checkConsent finds questions for personal data that can be met before the
// person agreed (Law 91/2025/QH15: consent comes first, and silence is none).
func (c *flowCheck) checkConsent() {
	before := c.reach(func(e edge) bool { return e.agreed })
	for _, n := range c.flow.Nodes {
		if !before[n.Key] {
			continue
		}
		for _, q := range append([]*dialogs.Node{n}, n.Form...) {
			if c.personal[q.Key] {
				c.add(c.at[q.Key], Error, "“"+q.Key+"” asks for personal data before the person agreed", "put a question with “consent:” on every way to it")
			}
		}
	}
}

// maxChoices is how many buttons fit above the keyboard of a phone.
const maxChoices = 8

func (c *flowCheck) checkChoices(n *dialogs.Node) {
	if k := len(n.Question.Choices); k > maxChoices {
		c.add(c.at[n.Key], Warning, fmt.Sprintf("“%s” has %d choices", n.Key, k), fmt.Sprintf("keep to %d, or split the question", maxChoices))
	}
	if n.Consent != "" && (n.Question.Type != dialogs.TypeChoice || len(n.Question.Choices) < 2) {
		c.add(c.at[n.Key], Error, "the consent “"+n.Key+"” leaves no choice", "give it a choice that agrees, first, and one that does not, with the key no")
	}
}
