package bot

import (
	"slices"
	"unicode/utf8"

	"sachhon/bot/channel"
	"sachhon/dialogs"
)

// Where a network can edit its messages, an answer takes the place of the
// message whose button was pressed when nothing is lost by that: when the same
// question is put again (the next page of a list, one of several choices
// switched on), or when a short menu or a list leads on. What people answered stays where
// it was, so that they can look back.

// place is what is known of the message that was pressed.
type place struct {
	under string // the network's id of it; empty: nothing can take its place
	run   uint32 // of the talk that asked
	node  string
	menu  bool // it is short and only leads on
}

// maxMenu is how long the text of a menu may be, in runes, for it to give way;
// what is longer is there to be read.
const maxMenu = 200

// look notes the place of the message that was pressed, if it is the last thing
// that was said: people look at the end of a conversation.
func (t *turn) look(in *channel.Incoming) error {
	if in.Under == "" || in.Input.Kind != dialogs.InputPress || !t.channels[t.at.Channel].Edits {
		return nil
	}
	last, err := t.tx.Transcript(t.key, 0, 1)
	if err != nil || len(last) == 0 || last[0].From != channel.FromBot || len(last[0].Message.Media) > 0 {
		return err
	}
	if labelOf(&last[0].Message, in.Input.Button) == "" {
		return nil
	}
	talk := &t.session.Talk
	flow, ok := t.engine.Load().Library().Flow(talk.Flow)
	t.place = place{under: in.Under, run: talk.Run, node: talk.Node,
		menu: ok && leadsOn(flow, talk.Node) && utf8.RuneCountInString(last[0].Message.Text) <= maxMenu}
	return nil
}

// leadsOn says whether what is asked at a node only leads on: a menu, or a list
// from which something is picked to be shown.
func leadsOn(f *dialogs.Flow, node string) bool {
	if f.Transient {
		return true
	}
	i := slices.IndexFunc(f.Nodes, func(n *dialogs.Node) bool { return n.Key == node })
	return i >= 0 && f.Nodes[i].Question != nil && f.Nodes[i].Question.From == dialogs.FromOptions
}

// inPlace says whether the one message that was said may take the place of the
// one that was pressed.
func (t *turn) inPlace() bool {
	m := &t.out[0].Message
	if t.place.under == "" || len(m.Media) > 0 || m.SharesPhone() {
		return false
	}
	talk := &t.session.Talk
	return t.place.menu || talk.Run == t.place.run && talk.Node == t.place.node
}

// labelOf is the label of a button of m; "" when it has none of this id.
func labelOf(m *dialogs.Message, id string) string {
	for _, row := range m.Buttons {
		for i := range row {
			if row[i].ID == id {
				return row[i].Label
			}
		}
	}
	return ""
}
