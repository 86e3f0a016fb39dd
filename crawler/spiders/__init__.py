"""Ask a site for its catalogues and documents, in the order that crawler.plan decides; Scrapy's spiders."""
