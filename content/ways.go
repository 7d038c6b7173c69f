package content

import (
	"slices"
	"strings"

	"sachhon/dialogs"
)

// Way is one way out of a node, as the engine's Traced tells it: a choice, an
// outcome, a case.
type Way struct{ Flow, Node, Way string }

// Ways lists every way that the flows offer, in order: what transcripts should
// try. A choice that only gives a command leads to nothing of its own and is
// left out.
func (s *Set) Ways() []Way {
	var list []Way
	for _, f := range s.Library.Flows() {
		for _, n := range f.Nodes {
			for _, way := range waysOf(n) {
				list = append(list, Way{f.Key, n.Key, way})
			}
			if n.Questionnaires != nil {
				continue // every answer leads on to the next question
			}
			for _, q := range n.Form {
				for _, way := range waysOf(q) {
					list = append(list, Way{f.Key, q.Key, way})
				}
			}
		}
	}
	return list
}

func waysOf(n *dialogs.Node) []string {
	switch n.Kind {
	case dialogs.AskNode:
		return answersOf(n.Question)
	case dialogs.FormNode:
		return []string{"confirmed"}
	case dialogs.BranchNode:
		ways := []string{"else"}
		for _, c := range n.Cases {
			ways = append(ways, c.Next)
		}
		return ways
	case dialogs.DoNode:
		var ways []string
		for out := range n.On {
			ways = append(ways, out)
		}
		slices.Sort(ways)
		return ways
	default:
		return nil
	}
}

// answersOf names the answers of a question as the engine traces them.
func answersOf(q *dialogs.Question) []string {
	var ways []string
	for _, c := range q.Choices {
		if !strings.HasPrefix(c.Next, "/") {
			ways = append(ways, c.Key)
		}
	}
	if q.Type == dialogs.TypeYesNo && len(q.Choices) == 0 {
		ways = append(ways, "yes", "no")
	} else if q.Type != dialogs.TypeChoice {
		ways = append(ways, "*")
	}
	if q.Optional {
		ways = append(ways, "~skip")
	}
	if q.Unknown {
		ways = append(ways, "~unknown")
	}
	if q.NotApplicable {
		ways = append(ways, "~na")
	}
	return ways
}

// Untried returns the ways that are not among those taken, in the order of Ways.
func (s *Set) Untried(taken map[Way]bool) []Way {
	var list []Way
	for _, w := range s.Ways() {
		if !taken[w] {
			list = append(list, w)
		}
	}
	return list
}
