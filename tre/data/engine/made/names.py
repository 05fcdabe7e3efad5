"""Owns the words that made persons are given: names, streets, places. Common words, put together by chance."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FEMALE = _words("""Aisha Alice Amelia Anna Beatrice Bethan Caitlin Carys Charlotte Chloe Daisy Deepa Eilidh Eleanor Emily Esther
Fatima Fiona Freya Georgia Gwenllian Hannah Harriet Imogen Isla Jasmine Joanna Jodie Karen Katarzyna Lauren Leila Lily
Lucy Margaret Maryam Megan Mei Naomi Niamh Nkechi Olivia Patricia Phoebe Priya Rachel Rosie Ruth Sadia Saoirse Shanice
Sophie Susan Tamsin Tanya Valerie Victoria Yasmin Zainab Zofia""")

MALE = _words("""Adam Ahmed Alasdair Alexander Arjun Benjamin Bilal Callum Charlie Chidi Daniel David Dylan Edward Emeka Ewan
Faisal Finlay Gareth George Hamza Harry Hassan Henry Huw Ibrahim Imran Jack Jacob James Jamal Joseph Kamil Kieran Kwame
Leo Liam Lewis Luke Marek Matthew Mohammed Nathan Nikhil Noah Oliver Owen Patrick Peter Rahul Rhys Robert Rory Samuel
Stefan Thomas Tomasz Toby William Yusuf""")

FAMILY = _words("""Abernethy Ackroyd Adeyemi Aldridge Ashworth Bainbridge Banerjee Barraclough Beaumont Bhattacharya Blackwood
Bradshaw Brockbank Butterworth Calderwood Carmichael Chatterjee Chowdhury Clutterbuck Cockburn Crowther Dalgleish
Davenport Dhillon Drinkwater Duckworth Eastwood Entwistle Fairbairn Fairweather Farquharson Featherstone Fotheringham
Galbraith Gillespie Goldsborough Greenhalgh Grimshaw Hargreaves Haythornthwaite Heathcote Higginbotham Hollingsworth
Holroyd Iqbal Jayawardena Kowalczyk Lancaster Lewandowski Livingstone Lockwood Longbottom Macfarlane Mahmood Mcallister
Merryweather Montgomery Mukherjee Murgatroyd Nightingale Nwosu Oduya Ogunleye Olusoga Ormerod Osborne Papadopoulos
Pennington Postlethwaite Prendergast Quartermaine Rajasingham Ramsbottom Ravenscroft Rosenthal Rowbotham Satterthwaite
Shackleton Shufflebotham Siddiqui Skelhorn Sowerby Sutcliffe Szymanski Tattersall Thistlethwaite Threlfall Trelawney
Underhill Venkatesan Wadsworth Wainwright Weatherby Whittaker Winterbottom Wolstenholme Wrigglesworth Yardley""")

STREETS = _words("""Acorn Alma Ash Beech Bridge Canal Castle Cedar Chapel Cherry Church Clifton Coronation Cromwell Dale Elm
Fairfield Ferndale Garden Glebe Grange Grove Hawthorn Heath Highfield Hill Holly Kirkgate Lark Laurel Lime Manor Maple
Market Meadow Mill Moor Mount Nelson Oak Orchard Park Poplar Primrose Priory Queens Rectory Richmond Riverside Rowan
School Spring Station Sycamore Tower Vale Victoria Vicarage Walnut Waterloo Wellington Westfield Willow Woodland""")

STREET_KINDS = ("Road", "Street", "Lane", "Avenue", "Close", "Drive", "Terrace", "Crescent")

DISTRICTS = tuple(
    f"{area}{number}"
    for area, most in (("LS", 19), ("BD", 10), ("HX", 5), ("HD", 6), ("WF", 9), ("YO", 12), ("HG", 4), ("S", 13))
    for number in range(1, most + 1)
)
INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"

ETHNIC_GROUPS = ("White", "Asian", "Black", "Mixed", "Other", "Not stated")
ETHNIC_SHARES = (0.76, 0.10, 0.04, 0.025, 0.025, 0.05)
