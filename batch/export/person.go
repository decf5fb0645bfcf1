package export

import "cucbulk/validate"

// person is what is read of one user.
type person struct {
	ID    string          `json:"id"`
	Alias string          `json:"alias"`
	Own   bool            `json:"own,omitempty"`   // it is one of the server's own users, and each server has those
	Cells map[string]cell `json:"cells,omitempty"` // by column
	Left  []left          `json:"left,omitempty"`
}

// cell is the text of a cell, or the users whom it names: of a call that goes to one there is a word
// before the name.
type cell struct {
	Text  string   `json:"text,omitempty"`
	Word  string   `json:"word,omitempty"`
	Users []string `json:"users,omitempty"`
}

// left is what of a person is not carried.
type left struct {
	What string `json:"what"` // a column, where there is one
	Why  string `json:"why"`
}

// set fills the cell of a column.
func (p *person) set(column validate.Column, value string) {
	switch text, ok := column.Cell(value); {
	case !ok:
		p.leave(column.Name, "no cell can hold what the server has there")
	case text != "":
		p.Cells[column.Name] = cell{Text: text}
	}
}

func (p *person) leave(what, why string) { p.Left = append(p.Left, left{what, why}) }
