package codes

// What is wrong with the file as a whole, with its headings, or with the flags that
// stand for headings.
const (
	TitleLine        Code = "title-line"
	Windows1252      Code = "windows-1252"
	EncodingUnused   Code = "encoding-unused"
	BadQuotes        Code = "bad-quotes"
	RaggedRow        Code = "ragged-row"
	BadHeading       Code = "bad-heading"
	UnknownColumn    Code = "unknown-column"
	RepeatedColumn   Code = "repeated-column"
	NoHeadings       Code = "no-headings"
	HeadingsAgain    Code = "headings-again"
	NotARow          Code = "not-a-row"
	CutOffFile       Code = "cut-off-file"
	NoLineEnd        Code = "no-line-end"
	OtherDelimiter   Code = "other-delimiter"
	OtherHeadings    Code = "other-headings"
	FooterLine       Code = "footer-line"
	NotSupported     Code = "not-supported"
	NotSettable      Code = "not-settable"
	UnknownMatch     Code = "unknown-match"
	NameAndID        Code = "name-and-id"
	DefaultTurnedOff Code = "default-turned-off"
	TransferMeaning  Code = "transfer-type-meaning"
	ObjectMeant      Code = "object-meant"
	NotLookedAt      Code = "not-looked-at"
)

func fileEntries() []Entry {
	return []Entry{
		{TransferMeaning, list{"warning"},
			"The file has a column of transfer types, whose numbers BAT and CUPI count the other way round.",
			"The message says how they were taken. If they are meant otherwise, give --bat-transfer-type, or write the words " +
				"release and supervised."},
		{ObjectMeant, list{"warning"},
			"The headings are not those of users, and only one other object has all of them.",
			"The message says what the rows were taken to be about. If that is meant, there is nothing to do; else give --object."},
		{NotLookedAt, list{"warning"},
			"Rows have a value in a column that is passed over, and mean something by it.",
			"The message says what is done without it. If that is right, there is nothing to do; else take these rows out."},
		{TitleLine, list{"warning"},
			"The line stands above the headings and was not read as a row.",
			"If it is a title, there is nothing to do. If it is the headings, mend them: none of them is the name of a column."},
		{Windows1252, list{"invalid", "warning"},
			"The file is not UTF-8 and was read as Windows-1252; where that makes no words, it is in another encoding.",
			"Look at a name with an accent: if it is right, there is nothing to do. If not, save the file as CSV UTF-8, or " +
				"name its encoding with --encoding."},
		{EncodingUnused, list{"warning"},
			"--encoding names another encoding than the one that the file is in beyond doubt.",
			"The file was read rightly. Leave --encoding out."},
		{BadQuotes, list{"invalid"},
			"The quotes of the row do not match, so its cells can't be told apart.",
			"Nothing of the row was sent. Put quotes around texts that hold the delimiter, and double the quotes in them."},
		{RaggedRow, list{"invalid"},
			"The row has more or fewer cells than there are headings.",
			"Nothing of the row was sent. Put quotes around texts that hold the delimiter; in a workbook, empty the cells " +
				"that have no heading above them."},
		{BadHeading, list{"invalid"},
			"The heading line has errors, so no row can be trusted.",
			"Nothing was sent. Mend the heading line, and run the file again."},
		{UnknownColumn, list{"invalid"},
			"No column has this name.",
			"Nothing was sent. Mend the heading; cucbulk fields lists the columns. Call it Junk if it is not to be read."},
		{RepeatedColumn, list{"invalid"},
			"Two headings, or two --set, mean the same column.",
			"Nothing was sent. Keep one of them."},
		{NoHeadings, list{"invalid"},
			"The first line holds no heading of a column: it is a row, or another delimiter stands between the cells.",
			"Nothing was sent. Put a line of headings above the rows; cucbulk fields lists the columns."},
		{HeadingsAgain, list{"invalid"},
			"Below rows the line holds headings again: another file or table was put behind this one.",
			"Nothing of the row was sent. Take the line out if the columns stand in the same order, else give the rows below " +
				"it a file of their own."},
		{NotARow, list{"invalid"},
			"The line is a comment, or a mark of a program that merges files.",
			"Nothing of the line was sent. Take it out; lines between such marks are two versions of the same rows: keep one."},
		{CutOffFile, list{"invalid"},
			"The file ends in the middle of its last row.",
			"Nothing was sent, also with --skip-invalid. Copy or export the file again: what comes after is missing too."},
		{NoLineEnd, list{"warning"},
			"The last row has no line end behind it, so the file may have been cut off there, and nobody is taken to have left.",
			"If the file is whole, end its last line with a line end, and sync it again; else copy or export it again."},
		{OtherDelimiter, list{"invalid"},
			"The line has another delimiter between its cells than the headings have.",
			"Nothing was sent. Write the whole file with one delimiter: comma, semicolon or tab."},
		{OtherHeadings, list{"invalid"},
			"Below rows the line holds headings of other columns, or in another order: the rows below it are read wrongly.",
			"Nothing was sent, also with --skip-invalid. Give the rows below the line a file of their own."},
		{FooterLine, list{"invalid"},
			"The line is what a report, a query or a table has below its rows, such as (3 rows affected) or a total.",
			"Nothing of it was sent. Take the line out."},
		{NotSupported, list{"invalid"},
			"The vendor names this column, and this program can't write it.",
			"Nothing was sent. Take the column out, or call it Junk."},
		{NotSettable, list{"invalid"},
			"--set names a column that is never sent.",
			"Nothing was sent. Leave that --set out."},
		{UnknownMatch, list{"invalid"},
			"--match names a column by which no user can be found.",
			"Nothing was sent. Give one of those that the message lists."},
		{NameAndID, list{"warning"},
			"The file has a column with a name and one with the id of the same thing.",
			"Rows in which the two disagree are refused. Keep one of the columns."},
		{DefaultTurnedOff, list{"warning"},
			"A value is given that counts only if the default beside it is turned off, so it is turned off.",
			"If the default should stay, leave the cell empty. To have no warning, add the column that it names."},
	}
}
